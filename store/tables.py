"""All tables, so that Alembic and the checks see the whole."""

from store import (  # noqa: F401
    account,
    account_question,
    archive_audit,
    bill,
    bill_reference,
    chunk,
    conflict,
    consent,
    consumer,
    counted,
    delivery,
    dispute,
    enclosure,
    ended_session,
    errand,
    event,
    fact,
    fact_change,
    feed,
    heartbeat,
    holder_notice,
    issuer,
    item,
    periodic_task,
    print_batch,
    rate_limit,
    sign_up,
    staff,
)
from store.base import Base

__all__ = ["Base"]
