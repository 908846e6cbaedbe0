"""Disable endpoints that have failed for days and accepted nothing, or that say that they are gone.

The issuer's members are told by mail, operators on their dashboard and by `facteur check`.
"""

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bill import Reason
from store.db.state_change import change_state
from store.job import request_job
from store.outbox.webhook_endpoint import WebhookEndpoint
from store.staff_member import Staff

log = logging.getLogger(__name__)

#: An endpoint that has failed for so many days without accepting anything is dead.
DEAD_DAYS: Final = 5
#: The longest time between two failures of one row of them: longer than any pause between two attempts.
SILENCE: Final = timedelta(days=2)
#: The kind of the mails' job (`delivery.channels.email.mails.staff.mails_of_staff`).
WEBHOOK_DISABLED: Final = "webhook_disabled"


def note_failure(session: Session, endpoint_id: int, now: datetime) -> None:
    """Keep that an endpoint has failed, and disable it once it has done nothing else for DEAD_DAYS. Days on which it
    was asked for nothing say nothing: after SILENCE its failures are counted anew. The caller has locked its row."""
    endpoint = session.get_one(WebhookEndpoint, endpoint_id, populate_existing=True)
    since, last = endpoint.failing_since, endpoint.failed_at
    if since is None or now - (last or since) > SILENCE:
        since = now
    endpoint.failing_since, endpoint.failed_at = since, now
    session.flush()
    if now - since >= timedelta(days=DEAD_DAYS):
        disable_failing(session, endpoint_id, Reason.of("endpoint_dead", days=DEAD_DAYS), now)


def disable_failing(session: Session, endpoint_id: int, why: Reason, now: datetime) -> bool:
    """Disable an endpoint for this reason and ask for the mails that tell of it. Returns False if it is disabled."""
    ends: dict[str, Any] = {"reason": why, "disabled_at": now}
    if not change_state(session, WebhookEndpoint, endpoint_id, "enabled", "disabled", now, why=why, **ends):
        return False
    issuer_id = session.get_one(WebhookEndpoint, endpoint_id, populate_existing=True).issuer_id
    log.warning("webhook endpoint %s of issuer %s is disabled: %s", endpoint_id, issuer_id, why.code)
    members = select(Staff.id).where(
        Staff.issuer_id == issuer_id, Staff.closed_at.is_(None), Staff.is_elsewhere.is_(False)
    )
    for staff_id in session.scalars(members.order_by(Staff.id)):
        request_job(session, WEBHOOK_DISABLED, {"staff_id": staff_id, "endpoint_id": endpoint_id}, now)
    return True
