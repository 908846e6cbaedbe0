"""What a movement is for the issuer's customers, by the bank's codes; and what banks label in free text."""

import pytest

from bill.payment.payment_entry import MovementKind
from payments.files.iso20022.bank_transaction_code import BankTransactionCode, movement_kind
from payments.files.iso20022.labelled_remittance_text import labelled_parts
from payments.files.iso20022.placeholder_identifiers import real_identifier


def code_of(written: str) -> BankTransactionCode:
    """`RCDT/ESCT` of the domain of payments, `CAMT:RCDT/ESCT` of another, `NTRF+166` the bank's own."""
    if "+" in written or not written:
        return BankTransactionCode(own=written)
    domain, _, rest = written.rpartition(":")
    family, _, sub_family = rest.partition("/")
    return BankTransactionCode(domain or "PMNT", family, sub_family)


@pytest.mark.parametrize(
    ("code", "credit", "debit"),
    [
        ("RCDT/ESCT", "received", "returned"),
        ("RCDT/RRTN", "refund_returned", "returned"),
        ("RRCT/ESCT", "received", "returned"),
        ("IDDT/ESDD", "collected", "returned"),
        ("IDDT/UPDD", "collected", "returned"),
        ("ICDT/ESCT", "refund_returned", "refunded"),
        ("ICDT/RRTN", "refund_returned", "returned"),
        ("IRCT/ESCT", "refund_returned", "refunded"),
        ("RCHQ/CCHQ", "received", "returned"),
        ("MCRD/POSP", "received", "returned"),
        ("CNTR/CDPT", "received", None),
        ("NTAV/NTAV", "received", "refunded"),
        ("", "received", "refunded"),
        ("RDDT/ESDD", None, None),
        ("CCRD/POSD", None, None),
        ("RCCN/ACDT", None, None),
        ("RCDT/CHRG", None, None),
        ("CAMT:ACCB/ZABA", None, None),
        ("ACMT:MCOP/INTR", None, None),
        ("NTRF+166+9310", "received", "returned"),
        ("NTRF+116", "refund_returned", "refunded"),
        ("NDDT+171", "collected", "returned"),
        ("NDDT+105", None, None),
        ("NRTI+109+00905", "collected", "returned"),
        ("NTRF+159", "refund_returned", "returned"),
        ("NCHG+808", None, None),
        ("NTRF+999", "received", "refunded"),
    ],
)
def test_a_code_is_a_kind(code: str, credit: MovementKind | None, debit: MovementKind | None) -> None:
    for is_credit, kind in ((True, credit), (False, debit)):
        assert movement_kind(code_of(code), is_credit=is_credit, is_reversal=False, is_return=False) == kind


@pytest.mark.parametrize(
    ("code", "is_credit", "kind"),
    [
        ("RCDT/ESCT", False, "returned"),
        ("RCDT/ESCT", True, "received"),
        ("IDDT/ESDD", True, "collected"),
        ("", True, "refund_returned"),
        ("", False, "returned"),
    ],
)
def test_a_reversal_undoes_the_opposite(code: str, is_credit: bool, kind: MovementKind) -> None:
    assert movement_kind(code_of(code), is_credit=is_credit, is_reversal=True, is_return=False) == kind


def test_a_code_is_written_as_it_came() -> None:
    assert BankTransactionCode("PMNT", "RCDT", "ESCT", "NTRF+166").written == "PMNT/RCDT/ESCT"
    assert BankTransactionCode(own="541").written == "541"
    assert BankTransactionCode(own="NTRF+194+9310").is_of_batch
    assert not BankTransactionCode(own="NTRF+166").is_of_batch


@pytest.mark.parametrize("none", ["NOTPROVIDED", "not provided", "NONREF", "NOREF", "NOTREF", "n/a", "-", "0", ""])
def test_none_is_none(none: str) -> None:
    assert real_identifier(none) == ""
    assert real_identifier(f"{none}7") == f"{none}7"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Facture 12", {}),
        ("EREF+E-1 MREF+M-1 SVWZ+Rechnung 12", {"EREF": "E-1", "MREF": "M-1", "SVWZ": "Rechnung 12"}),
        ("Kunde 7 SVWZ+Rechnung + Mahnung", {"SVWZ": "Rechnung + Mahnung"}),
        ("/EREF/E-1/MARF/M-1/REMI/USTD//factuur 12/", {"EREF": "E-1", "MREF": "M-1", "SVWZ": "factuur 12"}),
        ("/TRTP/IDEAL/REMI/STRD/CUR/1000000000012345", {"TRTP": "IDEAL", "SVWZ": "1000000000012345"}),
        ("rue 12/14 /REMI/ pas d'étiquette", {}),
    ],
)  # fmt: skip
def test_labelled_text(text: str, parts: dict[str, str]) -> None:
    assert labelled_parts(text) == parts
