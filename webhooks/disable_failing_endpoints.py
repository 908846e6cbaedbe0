"""Disable endpoints that have accepted nothing for days, or that say that they are gone; the issuer's members are told
by mail, operators on their dashboard and by `facteur check`."""

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bill import Reason
from store.db.state_change import change_state
from store.job import request_job
from store.outbox.webhook_endpoint import WebhookEndpoint
from store.staff_member import Staff

log = logging.getLogger(__name__)

#: An endpoint that has failed for so many days without accepting anything is dead.
DEAD_DAYS: Final = 5
#: The kind of the mails' job (`delivery.channels.email.sign_in_emails`).
WEBHOOK_DISABLED: Final = "webhook_disabled"


def is_dead(now: datetime) -> ColumnElement[bool]:
    """SQL condition: an enabled endpoint has failed for DEAD_DAYS."""
    since = now - timedelta(days=DEAD_DAYS)
    return (WebhookEndpoint.state == "enabled") & (WebhookEndpoint.failing_since <= since)


def disable_dead_endpoints(session: Session, now: datetime) -> int:
    """Disable the endpoints that are dead. Returns how many."""
    dead = select(WebhookEndpoint.id).where(is_dead(now)).order_by(WebhookEndpoint.id)
    why = Reason.of("endpoint_dead", days=DEAD_DAYS)
    return sum(disable_failing(session, each, why, now) for each in session.scalars(dead).all())


def disable_failing(session: Session, endpoint_id: int, why: Reason, now: datetime) -> bool:
    """Disable an endpoint for this reason and ask for the mails that tell of it. Returns False if it is disabled."""
    ends: dict[str, Any] = {"reason": why, "disabled_at": now}
    if not change_state(session, WebhookEndpoint, endpoint_id, "enabled", "disabled", now, why=why, **ends):
        return False
    issuer_id = session.get_one(WebhookEndpoint, endpoint_id, populate_existing=True).issuer_id
    log.warning("webhook endpoint %s of issuer %s is disabled: %s", endpoint_id, issuer_id, why.code)
    members = select(Staff.id).where(Staff.issuer_id == issuer_id, Staff.closed_at.is_(None))
    for staff_id in session.scalars(members.order_by(Staff.id)):
        request_job(session, WEBHOOK_DISABLED, {"staff_id": staff_id, "endpoint_id": endpoint_id}, now)
    return True
