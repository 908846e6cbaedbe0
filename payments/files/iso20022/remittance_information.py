"""Reads what a payer says of a payment (`RmtInf`): references, the documents that are paid and with how much each,
free text."""

from decimal import Decimal
from typing import Final, NamedTuple

from bill import ZERO
from bill.payment.payment_entry import PaymentShare
from payments.files.iso20022.elements import Element, child, children, local_name_of, text
from payments.files.iso20022.exact_amount import read_amount
from payments.files.iso20022.placeholder_identifiers import real_identifier
from untrusted.value_parsing import LONGEST_WORDS, words

#: The most characters of an unstructured line: one that is full goes on in the next without a blank.
_FULL_LINE: Final = 140
#: The type of documents whose amounts are deducted.
_CREDIT_NOTE: Final = "CREN"
#: Elements until version 11 -> ISO 20022's external codes of document amounts.
_AMOUNT_CODES: Final = {"RmtdAmt": "REMI", "CdtNoteAmt": "CREN", "DuePyblAmt": "DUPA", "DscntApldAmt": "TMDS"}
_DISCOUNTS: Final = ("TMDS", "STDS", "APDS")


class Remittance(NamedTuple):
    """*references* best first: creditor references, then numbers of documents. *shares*: what each document gets.
    *text* has at most 5,000 characters."""

    references: tuple[str, ...] = ()
    shares: tuple[PaymentShare, ...] = ()
    text: str = ""


def read_remittance(information: Element | None, currency: str) -> Remittance:
    """The remittance information of a transaction in *currency*; raises NotAValueError for an amount that is none."""
    structured = list(children(information, "Strd"))
    creditor_references = [text(each, "CdtrRefInf", "Ref") for each in structured]
    numbers = [text(document, "Nb") for each in structured for document in children(each, "RfrdDocInf")]
    references = dict.fromkeys(filter(None, map(real_identifier, (*creditor_references, *numbers))))
    shares = tuple(share for each in structured if (share := _share(each, currency)) is not None)
    more = [text(line) for each in structured for line in children(each, "AddtlRmtInf")]
    written = _joined([line.text or "" for line in children(information, "Ustrd")])
    return Remittance(tuple(references), shares, words(" ".join((written, *more))[:LONGEST_WORDS]) or "")


def _share(structured: Element, currency: str) -> PaymentShare | None:
    """What one `Strd` pays of which document; None where it does not say both."""
    documents = list(children(structured, "RfrdDocInf"))
    number = text(documents[0], "Nb") if len(documents) == 1 else ""
    reference = real_identifier(text(structured, "CdtrRefInf", "Ref")) or real_identifier(number)
    amount = _share_amount(child(structured, "RfrdDocAmt"), currency)
    if not reference or amount is None:
        return None
    is_credit_note = bool(documents) and text(documents[0], "Tp", "CdOrPrtry", "Cd") == _CREDIT_NOTE
    return PaymentShare(reference=reference, amount=-abs(amount) if is_credit_note else amount)


def _share_amount(amounts: Element | None, currency: str) -> Decimal | None:
    """The amount remitted, else minus that of the credit note, else that due less its discounts."""
    stated = _stated_amounts(amounts, currency)
    if "REMI" in stated:
        return stated["REMI"]
    if "CREN" in stated:
        return -stated["CREN"]
    discounts = sum((stated.get(code, ZERO) for code in _DISCOUNTS), ZERO)
    return stated["DUPA"] - discounts if "DUPA" in stated else None


def _stated_amounts(amounts: Element | None, currency: str) -> dict[str, Decimal]:
    """The sums of a document (`RfrdDocAmt`) in *currency*, by their codes: elements of their own until version 11,
    `RmtAmtAndTp` from version 12 on."""
    stated: dict[str, Decimal] = {}
    for element in amounts if amounts is not None else ():
        name = local_name_of(element)
        code = text(element, "Tp", "Cd") if name == "RmtAmtAndTp" else _AMOUNT_CODES.get(name, "")
        amount = read_amount(element, *(("Amt",) if child(element, "Amt") is not None else ()), currency=currency)
        if code and amount is not None and amount.currency == currency:
            stated[code] = stated.get(code, ZERO) + amount.amount
    return stated


def _joined(lines: list[str]) -> str:
    return "".join(line if len(line) == _FULL_LINE else f"{line} " for line in lines)
