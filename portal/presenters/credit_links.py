"""Which bills credit or replace one, and which it credits or replaces: each by its number, with the way there for
whoever may see it. Pure."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from bill import CREDIT_NOTE_TYPES, AmountDue, Bill, DocumentAmount, document_amount_of
from store.bills.bill import BillRow


class Named(NamedTuple):
    """Another bill of the issuer. *url* is "" where its reader may not see it, or where we do not have it."""

    number: str
    url: str
    issued: date | None = None
    amount: Decimal | None = None  # what it credits
    is_replaced: bool = False
    is_credit_note: bool = False  # as far as its reader may see it


def settled_by(due: AmountDue, shown: Mapping[str, BillRow], way: Callable[[BillRow], str]) -> list[Named]:
    """The credits that were taken off a bill, or the corrective in its place."""
    return named(due.by, shown, way)


def named(
    demands: Iterable[DocumentAmount], shown: Mapping[str, BillRow], way: Callable[[BillRow], str]
) -> list[Named]:
    """Bills by what they ask or give, each with its way."""
    return [Named(each.number, _url(each.number, shown, way), each.issue_date, each.gives) for each in demands]


def settles(bill: Bill, shown: Mapping[str, BillRow], way: Callable[[BillRow], str]) -> list[Named]:
    """The bills that this one names (BG-3)."""
    replaces = document_amount_of(bill).replaces
    return [
        Named(
            each.number, _url(each.number, shown, way), each.issue_date, is_replaced=replaces,
            is_credit_note=each.number in shown and shown[each.number].type_code in CREDIT_NOTE_TYPES,
        )
        for each in bill.preceding
    ]  # fmt: skip


def is_deducted(number: str, dues: Iterable[AmountDue]) -> bool:
    """Whether the credit of this number was taken off one of the bills of which these are due."""
    return any(number == each.number for due in dues if due.kind != "replaced" for each in due.by)


def numbers_of(due: AmountDue, bill: Bill) -> set[str]:
    """All of them, to be looked up at once."""
    return {each.number for each in due.by} | {each.number for each in bill.preceding}


def _url(number: str, shown: Mapping[str, BillRow], way: Callable[[BillRow], str]) -> str:
    return way(shown[number]) if number in shown else ""
