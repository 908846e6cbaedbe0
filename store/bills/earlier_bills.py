"""Load the earlier bills of a bill's account when it is rendered; they are stored with it and never change."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bill import CREDIT_NOTE_TYPES, MOST_SPANS, History, Span, unpack_history
from store.bills.bill import BillRow

#: Bills read of one account: two years and a month, and one that came late.
_LOOKED_BACK: Final = timedelta(days=800)
_GONE: Final = ("recalled", "superseded", "erased")
_SPAN: Final = (
    BillRow.account_id, BillRow.currency, BillRow.issue_date, BillRow.gross, BillRow.payable, BillRow.used_from,
    BillRow.used_to, BillRow.used, BillRow.used_unit,
)  # fmt: skip


def histories_of(session: Session, rows: Sequence[BillRow]) -> dict[int, History]:
    """The earlier bills of each of these bills, by bill id: same account and currency, issued earlier, no credit notes,
    at most `MOST_SPANS`.

    Usually read from the history stored with the last bill: one row is enough. Where a bill came late, or the last one
    is not rendered yet, the earlier bills are read one by one.
    """
    if not rows:
        return {}
    day = max(row.issue_date for row in rows)
    seen, chained = _chained(session, [row for row in rows if row.issue_date == day], day)
    others = [row for row in rows if row.id not in chained]
    read = _read(session, others) if others else {}
    return chained | {row.id: History(spans=read[row.id], seen=seen.get(row.id, -1)) for row in others}


def _chained(session: Session, rows: Sequence[BillRow], day: date) -> tuple[dict[int, int], dict[int, History]]:
    """For bills of one issue date: the number of earlier bills of each account, and the history derived from the last
    of them where that is possible."""
    accounts = {row.account_id for row in rows}
    last = (
        select(BillRow.account_id, func.count().label("seen"), func.max(BillRow.issue_date).label("day"))
        .where(BillRow.account_id.in_(accounts), BillRow.issue_date < day)
        .group_by(BillRow.account_id)
        .subquery()
    )
    query = select(last.c.seen, BillRow.type_code, BillRow.state, BillRow.history, *_SPAN).join(
        last, (last.c.account_id == BillRow.account_id) & (last.c.day == BillRow.issue_date)
    )
    before: dict[int, list[Any]] = {}
    for each in session.execute(query):
        before.setdefault(each.account_id, []).append(each)
    found = {row.id: before.get(row.account_id, []) for row in rows}
    histories = {row.id: _from_the_last(found[row.id], row.currency) for row in rows}
    return (
        {row_id: lasts[0].seen if lasts else 0 for row_id, lasts in found.items()},
        {row_id: history for row_id, history in histories.items() if history is not None},
    )


def _from_the_last(found: list[Any], currency: str) -> History | None:
    """The history derived from the last bill. None if a bill came late, if two have one date, or if the last one is not
    rendered yet or no longer there."""
    if not found:
        return History(seen=0)
    last = found[0]
    earlier = unpack_history(last.history)
    is_next = len(found) == 1 and last.history is not None and earlier.seen + 1 == last.seen
    if not is_next or last.currency != currency or last.state in _GONE:
        return None
    spans = earlier.spans if last.type_code in CREDIT_NOTE_TYPES else (*earlier.spans, _span(last))
    return History(spans=spans[-MOST_SPANS:], seen=last.seen)


def _read(session: Session, rows: Sequence[BillRow]) -> dict[int, tuple[Span, ...]]:
    """The earlier bills of each of these bills, read row by row."""
    issued = [row.issue_date for row in rows]
    query = (
        select(*_SPAN)
        .where(BillRow.account_id.in_({row.account_id for row in rows}))
        .where(BillRow.issue_date >= min(issued) - _LOOKED_BACK, BillRow.issue_date < max(issued))
        .where(BillRow.type_code.not_in(CREDIT_NOTE_TYPES), BillRow.state.not_in(_GONE))
        .order_by(BillRow.account_id, BillRow.issue_date, BillRow.id)
    )
    before: dict[tuple[int, str], list[Span]] = {}
    for each in session.execute(query):
        before.setdefault((each.account_id, each.currency), []).append(_span(each))
    return {row.id: _earlier(before.get((row.account_id, row.currency), []), row.issue_date) for row in rows}


def _earlier(spans: Sequence[Span], day: date) -> tuple[Span, ...]:
    return tuple([span for span in spans if span.issued < day][-MOST_SPANS:])


def _span(row: Any) -> Span:
    gross = row.payable if row.gross is None else row.gross
    return Span(
        issued=row.issue_date, gross=gross, start=row.used_from, end=row.used_to, used=row.used, unit=row.used_unit
    )


def frozen_history(row: BillRow) -> History:
    """The history that the bill was rendered with; with it, the template gives the archived bytes again."""
    return unpack_history(row.history)
