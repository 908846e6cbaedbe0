"""Asks each year whether bills without paper still suit, and ends what nobody has answered."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, exists

from delivery.law.sector_law import TRADES, law_of
from delivery.suitability.ask_yearly import ask_yearly
from delivery.suitability.close_unanswered import close_unanswered
from pipeline.pipeline_context import PipelineContext
from store.accounts.customer_account import CustomerAccount
from store.accounts.suitability_event import SuitabilityEvent
from store.base import Moment
from store.db.due_work import DueWork

#: A year, and what a day's beginning in another time zone may take from it.
_YEAR: Final = timedelta(days=365 - 2)
_SINCE: Final = bindparam("since", type_=Moment())
#: A question stands open, or an account has been without paper for long enough to be asked.
_MAY_BE_DUE: Final = DueWork({
    "suitability": exists().where(SuitabilityEvent.act == "asked")
    | exists().where(CustomerAccount.paperless, CustomerAccount.paperless_since < _SINCE)
})  # fmt: skip


def check_suitability(context: PipelineContext, now: datetime) -> bool:
    """Ask and end what is due, some hundreds of accounts in a transaction. Returns False where nothing can be."""
    announced = timedelta(days=max(law_of(trade).check_announced_days.value for trade in TRADES))
    with context.store.reading() as session:
        if not _MAY_BE_DUE.look(session, since=now - _YEAR + announced):
            return False
    after: int | None = 0
    while after is not None:
        with context.store.writing() as session:
            after = ask_yearly(session, now, context.calendar, after)
    ended = 1
    while ended:
        with context.store.writing() as session:
            ended = close_unanswered(session, now, context.calendar)
    context.store.wake_up.send()
    return True
