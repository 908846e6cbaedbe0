"""What a person said of a document, and the bill that this makes. Pure.

Each term has where it comes from: `read` stands for sure in the document; `chosen`: the person said that it is what the
document says there; `typed`: the person wrote it, and the document does not hold it.
"""

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

import msgspec

from bill import Bill, CreditTransfer, Identifier, Party, Payment, Totals
from bill.document_reading import DocumentReading, Term
from bill.matching.word_similarity import fold_words
from bill.payment.iban import closed_iban, is_iban

Origin = Literal["read", "chosen", "typed"]
#: Terms that a bill may lack: the person says that there is none.
MAY_LACK: Final[tuple[Term, ...]] = ("number", "due_date", "iban", "legal_id")
LONGEST_NAME: Final = 200
LONGEST_NUMBER: Final = 100
LARGEST_AMOUNT: Final = Decimal(10_000_000)
_CURRENCY: Final = re.compile(r"[A-Z]{3}")
_AMOUNT: Final = re.compile(r"\d{1,3}(?:[ .,'’\u00a0\u202f]\d{3})+[.,]\d{2}|\d+(?:[.,]\d{1,2})?")


class AnsweredTerm(msgspec.Struct, frozen=True):
    """The value of a term ("": there is none), as `bill.document_reading` writes it, and where it comes from."""

    value: str
    origin: Origin


def checked_value(term: Term, said: str) -> str | None:
    """What a person typed, as it is stored; None where it is no such value. "" stays ""."""
    said = " ".join(said.split())
    if not said:
        return ""
    match term:
        case "issue_date" | "due_date":
            return _day(said)
        case "amount":
            return _amount(said)
        case "currency":
            return said.upper() if _CURRENCY.fullmatch(said.upper()) else None
        case "iban":
            return closed_iban(said) if is_iban(said) else None
        case "kind":
            return said if said in ("invoice", "credit_note") else None
        case "legal_id":
            digits = re.sub(r"\D", "", said)
            return digits if len(digits) == 9 else None
        case "number":
            return said if len(said) <= LONGEST_NUMBER else None
        case "issuer":
            return said if len(said) <= LONGEST_NAME and any(c.isalnum() for c in said) else None


def answered(reading: DocumentReading, term: Term, value: str) -> AnsweredTerm:
    """The answer with where it comes from: whether the document holds what the person said."""
    if value in [each.value for each in reading.term(term).found]:
        return AnsweredTerm(value, "chosen")
    return AnsweredTerm(value, "chosen" if value and _holds(reading.text, term, value) else "typed")


def bill_of_terms(terms: dict[str, AnsweredTerm], document_sha256: str) -> Bill:
    """The bill of these terms. A bill without a number is called by its document's digest."""
    value = {name: each.value for name, each in terms.items()}
    amount, iban = Decimal(value["amount"]), value.get("iban", "")
    seller = Party(
        name=value["issuer"], legal_id=Identifier(value["legal_id"], "0002") if value.get("legal_id") else None
    )
    return Bill(
        number=value.get("number") or f"~{document_sha256[:8]}", issue_date=date.fromisoformat(value["issue_date"]),
        currency=value["currency"], totals=Totals(payable=amount), seller=seller,
        type_code="381" if value["kind"] == "credit_note" else "380",
        due_date=date.fromisoformat(value["due_date"]) if value.get("due_date") else None,
        payment=Payment(means_code="30", transfers=(CreditTransfer(iban=iban),)) if iban else Payment(),
    )  # fmt: skip


def _day(said: str) -> str | None:
    """A day as browsers send it (2026-03-05), or as people write it (05/03/2026): the day comes first."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", said):
            return date.fromisoformat(said).isoformat()
        day, month, year = re.split(r"[./ -]+", said)
        return date(int(year), int(month), int(day)).isoformat() if len(year) == 4 else None
    except ValueError:
        return None


def _amount(said: str) -> str | None:
    plain = re.sub(r"\s?(?:€|EUR|euros?)$", "", said.replace("€", "").strip()).strip()
    if not _AMOUNT.fullmatch(plain):
        return None
    has_cents = re.search(r"[.,](\d{1,2})$", plain)
    whole = re.sub(r"\D", "", plain[: has_cents.start()] if has_cents else plain)
    try:
        amount = Decimal(f"{whole}.{has_cents[1] if has_cents else '00'}")
    except InvalidOperation:
        return None
    return f"{amount:.2f}" if amount <= LARGEST_AMOUNT else None


def _holds(text: str, term: Term, value: str) -> bool:
    """Whether the document has this value in one of the spellings that it may have there."""
    if term in ("issuer", "number"):
        return f" {' '.join(fold_words(value))} " in f" {' '.join(fold_words(text))} "
    if term == "amount":
        whole, _, cents = value.partition(".")
        return bool(re.search(rf"(?<!\d){'[ .,’]?'.join(_groups(whole))}[.,]{cents}(?!\d)", text))
    if term in ("iban", "legal_id"):
        return value in re.sub(r"[\s.]", "", text)
    if term in ("issue_date", "due_date"):
        day = date.fromisoformat(value)
        return any(each in text for each in (value, f"{day:%d/%m/%Y}", f"{day:%d.%m.%Y}", f"{day:%d-%m-%Y}"))
    return False


def _groups(whole: str) -> list[str]:
    head = len(whole) % 3
    return [each for each in (whole[:head], *(whole[n : n + 3] for n in range(head, len(whole), 3))) if each]
