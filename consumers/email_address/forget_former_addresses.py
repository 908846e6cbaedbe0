"""Forgets the addresses of changes whose links do nothing any more: where they are kept, and where others wrote them. A
person who is erased later is known by none of them."""

from datetime import datetime

from sqlalchemy.orm import Session

from consumers.leaving.erase_said import clean_events
from consumers.leaving.erase_traces import clean_answers, clean_jobs
from consumers.leaving.erased_words import PersonWords
from store.accounts.consumer import consumer_by_email
from store.leaving.email_change import forget_old_changes, old_changes


def forget_former_addresses(session: Session, now: datetime) -> int:
    """Delete the changes, and take their addresses out of jobs, answers and reasons; not those by which somebody has a
    space. Returns how many changes there were."""
    gone: set[str] = set()
    for change in old_changes(session, now):
        former = {each for each in (change.old_email, change.new_email) if consumer_by_email(session, each) is None}
        words = PersonWords((), former, ())
        clean_answers(session, change.consumer_id, words)
        clean_events(session, change.consumer_id, words)
        gone |= former
    clean_jobs(session, PersonWords((), gone, ()))
    return forget_old_changes(session, now)
