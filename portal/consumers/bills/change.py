"""Reads what a bill's page says of its change: earlier bills of the account, and other contracts of the reader."""

from typing import Any, Final

from flask import request, url_for

from bill import AmountDue
from bill.change import metered_objects
from payments.amounts_due import amounts_due
from portal import app_context
from portal.access import current_user
from portal.consumers.presenters.bill_change.bill_change import bill_change
from portal.consumers.presenters.bill_change.bill_comparison import SHOWN, compare
from portal.consumers.presenters.bill_change.billed_days import billed_days, same_meter
from portal.consumers.presenters.bill_change.change_reasons import Unit
from store.bills.bill import BillRow
from store.bills.bill_lookup import bills_before
from store.bills.bills_of_consumer import bills_of_same_days

#: The query of the page compared with the same time last year: `?comparer=annee`.
_ASKED: Final = "comparer"
_LAST_YEAR: Final = "annee"


def change_values(row: BillRow, due: AmountDue, unit: Unit) -> dict[str, Any]:
    """Returns the values of `portal/templates/consumers/bills/change.html`, by name. One earlier bill is read whole;
    those credited in full or replaced are compared with nothing."""
    session, today = app_context.reading(), app_context.today()
    earlier = bills_before(session, row, SHOWN)
    dues = amounts_due(session, earlier, today)
    standing = [each for each in earlier if _counts(dues[each.id])] if _counts(due) else []
    comparison = compare(row, standing)
    is_year = request.args.get(_ASKED) == _LAST_YEAR and comparison.year_before is not None
    before = comparison.year_before if is_year else comparison.before
    last = before if before is comparison.last else None
    return {
        "comparison": comparison,
        "change": before and bill_change(row, before, comparison.last, unit, is_of_last_year=is_year),
        "other_comparison": _other_way(row, is_year=is_year) if comparison.year_before else None,
        "billed": billed_days(row, last, standing),
        "same_meter": _same_meter(row) if _counts(due) else [],
    }


def _same_meter(row: BillRow) -> list[Any]:
    """Only where the bill names its meter and its days: few readers have two contracts for the same days."""
    if not metered_objects(row.bill):
        return []
    session = app_context.reading()
    found = same_meter(row, bills_of_same_days(session, current_user.consumer_id(), row))
    dues = amounts_due(session, [each.row for each in found], app_context.today()) if found else {}
    return [each for each in found if _counts(dues[each.row.id])]


def _other_way(row: BillRow, *, is_year: bool) -> str:
    query = "" if is_year else f"?{_ASKED}={_LAST_YEAR}"
    return f"{url_for('bill.show', uid=row.uid)}{query}#change"


def _counts(due: AmountDue) -> bool:
    return due.kind not in {"credited", "replaced"}
