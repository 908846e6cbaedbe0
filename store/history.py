"""The bills before a bill, of its account: read once, when it is rendered, and frozen with it."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bill import CREDIT_NOTE_TYPES, MOST_SPANS, History, Span, unpack_history
from store.bill import BillRow

#: Two years and a month, and a bill that came late.
_LOOKED_BACK: Final = timedelta(days=800)
_GONE: Final = ("recalled", "superseded", "erased")


def histories_of(session: Session, rows: Sequence[BillRow]) -> dict[int, History]:
    """What came before each of these bills, by the bill's id: bills of the same account and currency, issued earlier,
    no credit notes, at most `MOST_SPANS`."""
    if not rows:
        return {}
    issued = [row.issue_date for row in rows]
    query = (
        select(
            BillRow.account_id, BillRow.currency, BillRow.issue_date, BillRow.gross, BillRow.payable,
            BillRow.used_from, BillRow.used_to, BillRow.used, BillRow.used_unit,
        )
        .where(BillRow.account_id.in_({row.account_id for row in rows}))
        .where(BillRow.issue_date >= min(issued) - _LOOKED_BACK, BillRow.issue_date < max(issued))
        .where(BillRow.type_code.not_in(CREDIT_NOTE_TYPES), BillRow.state.not_in(_GONE))
        .order_by(BillRow.account_id, BillRow.issue_date, BillRow.id)
    )  # fmt: skip
    before: dict[tuple[int, str], list[Span]] = {}
    for account_id, currency, day, gross, payable, start, end, used, unit in session.execute(query):
        span = Span(issued=day, gross=payable if gross is None else gross, start=start, end=end, used=used, unit=unit)
        before.setdefault((account_id, currency), []).append(span)
    return {row.id: _history(row, before.get((row.account_id, row.currency), [])) for row in rows}


def _history(row: BillRow, spans: list[Span]) -> History:
    return History(spans=tuple([span for span in spans if span.issued < row.issue_date][-MOST_SPANS:]))


def frozen_history(row: BillRow) -> History:
    """What the bill was drawn with: with it, its template gives the archived bytes again."""
    return unpack_history(row.history)
