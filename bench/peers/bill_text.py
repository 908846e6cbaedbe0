"""The texts of the benchmark's bill, for peers that lay it out from a page description."""

from decimal import Decimal
from typing import NamedTuple

import segno

from bill import Bill, as_issued, envelope_lines, payment_code_of, spell_money, spell_number
from export.cii import facturx_profile_of, write_cii

HEADS = ("Désignation", "Quantité", "Prix unitaire HT", "TVA", "Montant HT")


class Content(NamedTuple):
    """The texts of one bill, its QR code as SVG, and its XML, which peers get without paying for it."""

    number: str
    window: tuple[str, ...]
    amount: str
    due: str
    facts: list[tuple[str, str]]
    lines: list[tuple[str, ...]]
    vat: list[tuple[str, ...]]
    totals: list[tuple[str, str]]
    slip: list[tuple[str, str]]
    scan: str
    sender: str
    identity: str
    code: bytes
    xml: bytes


def content_of(bill: Bill) -> Content:
    """Return the texts of *bill*."""
    payable, legal_id = spell_money(bill.totals.payable, bill.currency), bill.seller.legal_id
    return Content(
        number=bill.number,
        window=envelope_lines(bill.buyer.name, bill.buyer.address),
        amount=payable,
        due=f"avant le {bill.due_date:%d/%m/%Y}, par virement",
        facts=[("Facture", bill.number), ("Date", f"{bill.issue_date:%d/%m/%Y}"),
               ("Numéro de client", bill.buyer.identifiers[0].value), ("Numéro de contrat", bill.contract)],
        lines=[
            (line.name, f"{_number(line.quantity)} kWh", _number(line.net_price), f"{_number(line.vat_rate)} %",
             _number(line.net_amount, 2))
            for line in bill.lines
        ],
        vat=[(f"{_number(part.rate)} %", _number(part.taxable, 2), _number(part.vat, 2)) for part in bill.vat],
        totals=[("Total HT", _number(bill.totals.net, 2)), ("TVA", _number(bill.totals.vat, 2)),
                ("Total TTC", payable), ("À payer", payable)],
        slip=[("Bénéficiaire", bill.seller.name), ("Montant", payable), ("IBAN", bill.payment.transfers[0].iban),
              ("Référence", bill.payment.remittance)],
        scan="Scannez avec l’application de votre banque",
        sender=" · ".join([bill.seller.name, *_place(bill)]),
        identity=" · ".join([bill.seller.name, legal_id.value if legal_id else "", bill.seller.vat_id, *_place(bill)]),
        code=segno.make(_payload(bill), error="m", micro=False).svg_inline(omitsize=True).encode(),
        xml=write_cii(bill, facturx_profile_of(bill)),
    )  # fmt: skip


def _place(bill: Bill) -> list[str]:
    address = bill.seller.address
    return [address.line1, f"{address.postcode} {address.city}"]


def _number(value: Decimal | None, places: int | None = None) -> str:
    return "" if value is None else spell_number(value, "fr", places)


def _payload(bill: Bill) -> str:
    """Return the payload of the payment code."""
    return (payment_code_of(as_issued(bill)) or b"").decode()
