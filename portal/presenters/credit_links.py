"""Links between bills that credit or replace each other. Pure."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from bill import CREDIT_NOTE_TYPES, AmountDue, Bill, DocumentAmount, document_amount_of
from store.bills.bill import BillRow


class Named(NamedTuple):
    """Another bill of the issuer. *url* is "" where the reader may not see it or it is unknown."""

    number: str
    url: str
    issued: date | None = None
    amount: Decimal | None = None  # what it credits
    is_replaced: bool = False
    is_credit_note: bool = False  # as far as its reader may see it


def settled_by(due: AmountDue, shown: Mapping[str, BillRow], way: Callable[[BillRow], str]) -> list[Named]:
    """Returns the credits taken off a bill, or the corrective that replaces it, with links."""
    return named(due.by, shown, way)


def named(
    demands: Iterable[DocumentAmount], shown: Mapping[str, BillRow], way: Callable[[BillRow], str]
) -> list[Named]:
    """Returns these bills with links."""
    return [Named(each.number, _url(each.number, shown, way), each.issue_date, each.gives) for each in demands]


def settles(bill: Bill, shown: Mapping[str, BillRow], way: Callable[[BillRow], str]) -> list[Named]:
    """Returns the preceding bills that this one names (EN 16931 BG-3), with links."""
    replaces = document_amount_of(bill).replaces
    return [
        Named(
            each.number, _url(each.number, shown, way), each.issue_date, is_replaced=replaces,
            is_credit_note=each.number in shown and shown[each.number].type_code in CREDIT_NOTE_TYPES,
        )
        for each in bill.preceding
    ]  # fmt: skip


def is_deducted(number: str, dues: Iterable[AmountDue]) -> bool:
    """Returns whether the credit of this number was taken off one of these amounts due."""
    return any(number == each.number for due in dues if due.kind != "replaced" for each in due.by)


def numbers_of(due: AmountDue, bill: Bill) -> set[str]:
    """Returns all bill numbers to be looked up."""
    return {each.number for each in due.by} | {each.number for each in bill.preceding}


def _url(number: str, shown: Mapping[str, BillRow], way: Callable[[BillRow], str]) -> str:
    return way(shown[number]) if number in shown else ""
