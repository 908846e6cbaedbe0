"""Builds a demo bill from an issuer, a contract and bill lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from bill import Bill, CreditTransfer, Identifier, Line, Note, Party, Payment, Period, spell_money
from demo.billing.bill_totals import numbered, totals_and_vat
from demo.issuer import DemoIssuer
from demo.people.contract import Contract
from demo.people.name_and_address_variants import as_typed

SEPA_TRANSFER: Final = "58"  # UNTDID 4461
SEPA_DEBIT: Final = "59"
BIC: Final = "FCTRFRPPXXX"


@dataclass(frozen=True)
class Occasion:
    """The dates, number and texts of a bill."""

    number: str
    issued: date
    period: Period
    notes: tuple[str, ...] = ()


def build_bill(issuer: DemoIssuer, contract: Contract, occasion: Occasion, lines: Sequence[Line]) -> Bill:
    """Return the bill of these lines, with totals that are consistent to the cent."""
    lines = numbered(lines)
    totals, vat = totals_and_vat(lines)
    days = issuer.days_to_debit if contract.iban else issuer.days_to_pay
    account_in_buyer = issuer.account_in == "BT-46"
    buyer = Party(
        name=contract.holder,
        identifiers=(Identifier(value=contract.number),) if account_in_buyer else (),
        address=contract.post_to(occasion.issued),
    )
    return Bill(
        number=occasion.number,
        issue_date=occasion.issued,
        due_date=occasion.issued + timedelta(days=days),
        currency="EUR",
        seller=issuer.seller,
        buyer=as_typed(contract, buyer, occasion.issued),
        contract="" if account_in_buyer else contract.number,
        object_id=Identifier(value=contract.meter) if contract.meter else None,
        period=occasion.period,
        lines=lines,
        vat=vat,
        totals=totals,
        payment=_payment(issuer, contract, occasion.number),
        terms="Pas d’escompte pour paiement anticipé." if totals.payable else "Rien à payer.",
        notes=tuple(Note(text=text) for text in occasion.notes),
        profile="urn:cen.eu:en16931:2017",
    )


def credit_terms(amount: Decimal) -> str:
    """Return the payment terms of a credit note of *amount* euros."""
    return f"Avoir de {spell_money(amount, 'EUR')}, déduit de votre prochaine facture."


def _payment(issuer: DemoIssuer, contract: Contract, number: str) -> Payment:
    if contract.iban:
        return Payment(
            means_code=SEPA_DEBIT, remittance=number, mandate=contract.mandate, creditor_id=issuer.creditor_id,
            debited_iban=contract.iban,
        )  # fmt: skip
    transfer = CreditTransfer(iban=issuer.iban, name=issuer.name, bic=BIC)
    return Payment(means_code=SEPA_TRANSFER, remittance=number, transfers=(transfer,))
