"""What a credit says of its amount: refunded, deducted from a bill, set off, or to the account given."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from bill import Bill, CreditTransfer, Note, Party, Payment, Reference, Refund, Totals, refund_of

IBAN = "FR7630006000011234567890189"


def credit(payment: Payment | None = None, *names: str, **terms: Any) -> Bill:
    given = {"totals": Totals(payable=Decimal(24)), "seller": Party(name="Lumière"), "buyer": Party(name="Alice")}
    return Bill(
        number="A-1", issue_date=date(2026, 11, 2), currency="EUR", type_code="381", payment=payment or Payment(),
        preceding=tuple(Reference(number=name) for name in names), **(given | terms),
    )  # fmt: skip


def transfer(name: str = "", iban: str = IBAN) -> Payment:
    return Payment(means_code="58", transfers=(CreditTransfer(iban=iban, name=name),))


def test_what_the_issuer_says_itself_comes_first() -> None:
    told = credit(None, "F-1", terms="30 jours net\nDéduit de votre prochaine facture.")
    assert refund_of(told) == Refund("told", text="Déduit de votre prochaine facture.")
    assert refund_of(credit(None, "F-1", notes=(Note(text="Wird verrechnet"),))).text == "Wird verrechnet"
    assert refund_of(credit(None, "F-1", terms="30 jours net")).kind == "deducted"
    assert refund_of(credit(None, "F-1", terms="remboursé " * 20)).kind == "deducted", "no sentence, a contract"


@pytest.mark.parametrize(
    "note",
    [
        "Escompte : aucune déduction", "Non remboursable", "No refunds after 30 days", "Nicht erstattungsfähig",
        "Impression offset quadrichromie", "Imputation: 606100", "Geen terugbetaling", "Compensation carbone",
    ],
)  # fmt: skip
def test_a_note_on_something_else_does_not_say_what_happens(note: str) -> None:
    assert refund_of(credit(None, "F-1", notes=(Note(text=note),))) == Refund("deducted", ("F-1",))


@pytest.mark.parametrize(
    "note",
    [
        "Imputé sur votre prochaine facture.", "Imputation sur votre compte.", "Will be offset against your next bill.",
        "Wird Ihrem Konto gutgeschrieben.", "In mindering op uw volgende factuur.", "Compensation avec la facture F-2.",
    ],
)  # fmt: skip
def test_a_note_that_says_it_is_told(note: str) -> None:
    assert refund_of(credit(None, "F-1", notes=(Note(text=note),))) == Refund("told", text=note)


def test_what_was_paid_out_is_refunded() -> None:
    assert refund_of(credit(totals=Totals(payable=Decimal(0), gross=Decimal(24), paid=Decimal(24)))).kind == "refunded"


def test_it_is_deducted_from_the_bills_it_names() -> None:
    assert refund_of(credit(None, "F-1", "F-2")) == Refund("deducted", ("F-1", "F-2"))
    assert refund_of(credit(Payment(means_code="97"), "F-1")) == Refund("deducted", ("F-1",))


def test_it_goes_to_the_account_given_unless_that_is_the_sellers() -> None:
    assert refund_of(credit(transfer("Alice"), "F-1")) == Refund("account", account=IBAN)
    assert refund_of(credit(transfer(iban="FR76 3000 6000 0112 3456 7890 189"))) == Refund("account", account=IBAN)
    assert refund_of(credit(transfer("LUMIÈRE"))).kind == "open"
    assert refund_of(credit(transfer("Affacturage"), payee=Party(name="Affacturage"))).kind == "open"
    assert refund_of(credit(transfer(), "F-1")).kind == "deducted", "whose account it is nobody says"
    assert refund_of(credit(transfer(iban="FR7630006000011234567890188"))).kind == "open", "a wrong number"


def test_an_invoice_in_the_customers_favour_names_the_issuers_account_as_a_rule() -> None:
    def in_favour(payment: Payment) -> Bill:
        return replace(credit(payment), type_code="380", totals=Totals(payable=Decimal(-24)))

    assert refund_of(in_favour(transfer())).kind == "open"
    assert refund_of(in_favour(transfer("Compte courant"))).kind == "open"
    assert refund_of(in_favour(transfer("ALICE"))) == Refund("account", account=IBAN)


def test_it_goes_back_to_the_debited_account() -> None:
    assert refund_of(credit(Payment(means_code="59", debited_iban=IBAN), "F-1")) == Refund("account", account=IBAN)
    assert refund_of(credit(Payment(means_code="59", mandate="M-1"))).kind == "debited"


def test_other_means_and_none() -> None:
    assert refund_of(credit(Payment(means_code="20"))) == Refund("means", means="cheque")
    assert refund_of(credit(Payment(means_code="97"))).kind == "offset"
    assert refund_of(credit()).kind == refund_of(credit(Payment(means_code="ZZZ"))).kind == "open"
