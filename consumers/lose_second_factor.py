"""A consumer has lost every second factor, recovery codes too. Who knows the password and has the mails may have them
removed, after some days in which everybody whom it concerns is told and may cancel it."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from store.accounts.consumer import Consumer
from store.job import request_job
from store.sign_in.factor_owner import FactorOwner
from store.sign_in.factor_removal import FactorRemoval, ask_removal, due_removals, finish_removal
from store.sign_in.second_factors import FACTOR_CHANGED, remove_all_factors, second_factors_of, tell_change
from store.sign_in.sign_in_session import SessionOwner, end_sessions_of

#: The job that mails the link which begins the wait.
JOB: Final = "lost_factor"
#: How long before its end the wait is told again.
_TOLD_AGAIN: Final = timedelta(days=1)
_AT_ONCE: Final = 100


def ask_for_link(session: Session, consumer_id: int, now: datetime) -> None:
    """Ask for the mail with the link (send the wake-up signal after the commit)."""
    request_job(session, JOB, {"consumer_id": consumer_id}, now)


def begin_wait(session: Session, consumer_id: int, days: int, now: datetime) -> FactorRemoval | None:
    """Begin the wait of so many *days*, and ask for the mails that tell it: now, and a day before its end. Returns None
    where one is under way, or there is nothing to remove."""
    if not second_factors_of(session, FactorOwner("consumer", consumer_id)).is_any:
        return None
    removal = ask_removal(session, consumer_id, now + timedelta(days=days), now)
    if removal is None:
        return None
    told = {"consumer_id": consumer_id, "removal_id": removal.id, "name": ""}
    request_job(session, FACTOR_CHANGED, {**told, "what": "removal asked"}, now)
    if days > 1:
        again = request_job(session, FACTOR_CHANGED, {**told, "what": "removal soon"}, now)
        again.due_at = removal.ends_at - _TOLD_AGAIN
    return removal


def end_waits(session: Session, now: datetime) -> int:
    """Remove the factors of people whose wait is over, and end their sessions. Returns how many they were."""
    ended = 0
    for removal in due_removals(session, now, _AT_ONCE):
        if not finish_removal(session, removal.id, now):
            continue
        consumer_id = removal.consumer_id
        owner = FactorOwner("consumer", consumer_id)
        remove_all_factors(session, owner, now)
        session.get_one(Consumer, consumer_id).session_epoch += 1
        end_sessions_of(session, SessionOwner(consumer_id))
        tell_change(session, owner, "second factors removed", now)
        ended += 1
    return ended
