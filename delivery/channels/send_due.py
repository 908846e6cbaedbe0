"""Sends what is due by one channel, whatever it is.

No transaction is open while the provider is asked. A group of messages is leased; each attempt is committed before
sending and its outcome after, so a killed process leaves at most one message in doubt. One transaction a message
records both the last outcome and the next attempt.
"""

import logging
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from delivery.channels.attempt_log import Outcome, end_attempt, release_leases, reset_lost_attempts
from delivery.channels.channel import Channel, DueMessage
from delivery.channels.delivery_error import DeliveryError
from delivery.channels.provider_health import ProviderHealth
from delivery.channels.started_message import StartedMessage
from store import Store
from store.db.leases import lease_heartbeat
from store.db.work_tally import ATTEMPTS, TALLIES
from store.delivery import Delivery
from store.outage_or_fault import is_outage

log = logging.getLogger(__name__)

#: How long one call sends, so that the worker's other tasks need not wait long.
SECONDS: Final = 2.0


def send_due_by(store: Store, channel: Channel[Any, Any], health: ProviderHealth, now: datetime) -> int:
    """Send the messages that are due by this channel. Returns how many deliveries were handled.

    A failed message is retried later; while the provider is down no other is tried. One call lasts about SECONDS: call
    again until it returns 0.
    """
    until = time.monotonic() + SECONDS
    with store.writing() as session:
        _record_outcome(session, health, now)
        done = reset_lost_attempts(session, channel.name, now)
    health.unrecorded = ()
    try:
        while not health.is_paused(now):
            with store.writing() as session:
                taken, group = channel.lease_next(session, health.last_issuer_id)
            taken += _send_group(store, channel, health, group, now, until)
            done += taken
            if not taken or time.monotonic() > until:
                break
    finally:
        channel.hang_up()
    return done


def _send_group(
    store: Store, channel: Channel[Any, Any], health: ProviderHealth, group: Sequence[DueMessage], now: datetime,
    until: float,
) -> int:  # fmt: skip
    """Send these messages until the time is over or the provider is down; release the leases of the rest. Returns how
    many deliveries were handled that were not looked at when the group was leased."""
    ids = [delivery_id for each in group for delivery_id in each.leased]
    others = 0
    with lease_heartbeat(store, Delivery, *ids):
        for each in group:
            with store.writing() as session:
                _record_outcome(session, health, now)
                taken, message = channel.begin(session, each)
            others += taken
            health.last_issuer_id = each.issuer_id
            health.unrecorded = ()
            if message is not None:
                with _heartbeat(store, each, message):
                    health.unrecorded = _send(channel, message)
                for outcome in health.unrecorded:
                    TALLIES.count(ATTEMPTS, channel.name, outcome.kind)
            health.record_result(health.unrecorded[0].kind if health.unrecorded else None, now)
            if health.is_paused(now) or time.monotonic() > until:
                break
    with store.writing() as session:
        _record_outcome(session, health, now)
        release_leases(session, ids)
    health.unrecorded = ()
    return others


def _record_outcome(session: Session, health: ProviderHealth, now: datetime) -> None:
    for outcome in health.unrecorded:
        end_attempt(session, outcome, now)


def _send(channel: Channel[Any, Any], message: StartedMessage[Any]) -> tuple[Outcome, ...]:
    """Send one message. Returns the outcome of each delivery in it."""
    try:
        receipt = channel.send(message)
    except DeliveryError as error:
        return message.outcomes(error.kind, str(error))
    except Exception as error:
        if is_outage(error):
            return message.outcomes("down", str(error))
        log.exception("%s %s cannot be sent", channel.name, message.reference)
        return message.outcomes("later", f"{type(error).__name__}: {error}")
    return message.sent(receipt)


def _heartbeat(store: Store, due: DueMessage, message: StartedMessage[Any]) -> AbstractContextManager[None]:
    """Renews the leases of a digest; those of other messages are renewed with their group's."""
    if due.leased:
        return nullcontext()
    return lease_heartbeat(store, Delivery, *(each.delivery_id for each in message.attempts))
