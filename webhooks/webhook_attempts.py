"""Records attempts at webhooks: committed before the request, the outcome after it, and when to try again.

A worker that dies in between leaves an attempt without an outcome: the message goes out again under the same id. So it
is delivered at least once, and its receiver can tell it by its id.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from bill import Reason
from store.base import db_now
from store.db.process_identity import this_process
from store.db.row_locks import lock_rows
from store.outbox.webhook_delivery import WebhookAttempt, WebhookDelivery, is_lost_webhook
from store.outbox.webhook_endpoint import WebhookEndpoint
from untrusted.endpoints.post_to_endpoint import EndpointAnswer
from webhooks.disable_failing_endpoints import disable_failing, note_failure
from webhooks.retry_schedule import next_attempt

#: Seconds of the lease of a message under way: longer than any request and the worker's other turns may last.
LEASE_SECONDS: Final = 120.0
#: Statuses whose Retry-After is heeded (RFC 9110, RFC 6585).
_ASK_FOR_TIME: Final = (429, 503)
GONE: Final = 410


class EndedAttempt(msgspec.Struct, frozen=True):
    """An attempt whose request has ended, and what came of it."""

    endpoint_id: int
    delivery_id: int
    n: int
    message_id: str
    answer: EndpointAnswer


def begin_attempts(session: Session, delivery_ids: Sequence[int], now: datetime) -> dict[int, int]:
    """Record the start of an attempt at each of these waiting deliveries. Send only once this is committed. Returns the
    attempts' numbers by delivery; a delivery that is no longer waiting is left out."""
    before = select(WebhookAttempt.delivery_id, func.max(WebhookAttempt.n))
    made = dict(
        session.execute(before.where(WebhookAttempt.delivery_id.in_(delivery_ids)).group_by(WebhookAttempt.delivery_id))
        .tuples()
        .all()
    )
    begun = {}
    leased: dict[str, Any] = {"lease_owner": this_process(), "lease_until": db_now() + LEASE_SECONDS}
    for each in sorted(delivery_ids):
        claim = update(WebhookDelivery).where(WebhookDelivery.id == each, WebhookDelivery.state == "waiting")
        counted = claim.values(state="attempting", attempts=WebhookDelivery.attempts + 1, **leased)
        if session.execute(counted).rowcount == 1:  # type: ignore[attr-defined]
            begun[each] = made.get(each, 0) + 1
    rows = [{"delivery_id": each, "n": n, "started_at": now} for each, n in begun.items()]
    if rows:
        session.execute(insert(WebhookAttempt), rows)
    return begun


def end_attempts(session: Session, ended: Sequence[EndedAttempt], now: datetime) -> None:
    """Record the outcomes of these attempts: delivered, to be tried again, or failed for good; and what they say of
    their endpoints."""
    lock_rows(session, WebhookEndpoint, WebhookEndpoint.id.in_({each.endpoint_id for each in ended}))
    lock_rows(session, WebhookDelivery, WebhookDelivery.id.in_({each.delivery_id for each in ended}))
    by_endpoint = defaultdict(list)
    for each in ended:
        if _record(session, each, now):
            by_endpoint[each.endpoint_id].append(each.answer)
    for endpoint_id, answers in sorted(by_endpoint.items()):
        _note(session, endpoint_id, answers, now)


def outcome_of(answer: EndpointAnswer) -> str:
    """Returns how an attempt ended: accepted, refused (by its HTTP status), or failed (without one)."""
    return "accepted" if answer.is_accepted else "refused" if answer.status is not None else "failed"


def _record(session: Session, ended: EndedAttempt, now: datetime) -> bool:
    """Returns False if the attempt counts no longer: it took so long that it was held for lost."""
    this = (WebhookAttempt.delivery_id == ended.delivery_id, WebhookAttempt.n == ended.n)
    answer = ended.answer
    said = {"ended_at": now, "outcome": outcome_of(answer), "status": answer.status, "failure": answer.failure}
    open_attempt = update(WebhookAttempt).where(*this, WebhookAttempt.outcome.is_(None)).values(**said)
    if session.execute(open_attempt).rowcount != 1:  # type: ignore[attr-defined]
        return False
    delivery = session.get_one(WebhookDelivery, ended.delivery_id, populate_existing=True)
    then: dict[str, Any] = {"lease_owner": None, "lease_until": 0.0}
    if answer.is_accepted:
        then |= {"state": "delivered", "ended_at": now}
    else:
        asked = answer.retry_after if answer.status in _ASK_FOR_TIME else ""
        again = next_attempt(ended.message_id, delivery.attempts, now, asked)
        then |= {"state": "failed", "ended_at": now} if again is None else {"state": "waiting", "due_at": again}
    ours = (
        WebhookDelivery.id == ended.delivery_id, WebhookDelivery.state == "attempting",
        WebhookDelivery.lease_owner == this_process(),
    )  # fmt: skip
    session.execute(update(WebhookDelivery).where(*ours).values(**then))
    return True


def _note(session: Session, endpoint_id: int, answers: Collection[EndpointAnswer], now: datetime) -> None:
    """Keep in the endpoint's row whether it works; one that says it is gone is disabled."""
    endpoint = update(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id)
    if any(each.is_accepted for each in answers):
        session.execute(endpoint.values(accepted_at=now, failing_since=None, failed_at=None))
    elif answers:
        note_failure(session, endpoint_id, now)
    if any(each.status == GONE for each in answers):
        disable_failing(session, endpoint_id, Reason("endpoint_gone"), now)


def reset_lost_attempts(session: Session, now: datetime) -> int:
    """Make messages whose worker died during the attempt due again. Returns how many, at most 500."""
    lost = select(WebhookDelivery.id).where(is_lost_webhook()).order_by(WebhookDelivery.id).limit(500)
    ids = list(session.scalars(lost.with_for_update(skip_locked=True, key_share=True)))
    if ids:
        unknown = (WebhookAttempt.delivery_id.in_(ids), WebhookAttempt.outcome.is_(None))
        session.execute(update(WebhookAttempt).where(*unknown).values(outcome="in_doubt", ended_at=now))
        again = {"state": "waiting", "due_at": now, "lease_owner": None, "lease_until": 0.0}
        session.execute(update(WebhookDelivery).where(WebhookDelivery.id.in_(ids)).values(**again))
    return len(ids)
