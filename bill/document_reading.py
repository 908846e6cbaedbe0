"""What was read of a document that is no electronic invoice: for each term what it holds, and how sure that is.

A term is sure only where the document says it in so many words and nothing else in it speaks against that. Everything
else is asked: what was found is offered, never chosen.
"""

from typing import Final, Literal

import msgspec

#: The terms that are looked for. `kind`: `invoice` or `credit_note`. `legal_id`: a SIREN that may be the issuer's.
Term = Literal["issuer", "number", "kind", "issue_date", "due_date", "amount", "currency", "iban", "legal_id"]
TERMS: Final[tuple[Term, ...]] = (
    "issuer", "number", "kind", "issue_date", "due_date", "amount", "currency", "iban", "legal_id",
)  # fmt: skip
#: The terms without which a document is no bill, and which are asked where they are not sure.
NEEDED: Final[tuple[Term, ...]] = ("issuer", "number", "kind", "issue_date", "due_date", "amount", "currency")


class FoundValue(msgspec.Struct, frozen=True):
    """A value as it is stored (ISO date, decimal, IBAN without blanks) and the line of the document that says it."""

    value: str
    excerpt: str = ""


class TermReading(msgspec.Struct, frozen=True):
    """What was found for one term; *is_sure*: it is the first of these."""

    found: tuple[FoundValue, ...] = ()
    is_sure: bool = False

    @property
    def sure(self) -> str | None:
        """The value; None where it is to be asked."""
        return self.found[0].value if self.is_sure and self.found else None


class DocumentReading(msgspec.Struct, frozen=True):
    """The terms of one document by name; a term that is not there was not found. *text* is what the document says."""

    terms: dict[str, TermReading] = {}
    text: str = ""
    pages: int = 0

    def term(self, name: Term) -> TermReading:
        """What was found for this term."""
        return self.terms.get(name, TermReading())

    @property
    def asked(self) -> list[Term]:
        """The needed terms that are missing or unsure."""
        return [each for each in NEEDED if self.term(each).sure is None]


def unsure(found: list[FoundValue]) -> TermReading:
    """What may be meant, each value once, in the order it was found."""
    return TermReading(tuple({each.value: each for each in reversed(found)}.values())[::-1])


def sure(value: FoundValue) -> TermReading:
    """What the document says without doubt."""
    return TermReading((value,), is_sure=True)
