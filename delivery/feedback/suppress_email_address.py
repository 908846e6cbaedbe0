"""Marks a consumer's e-mail address as one that takes no mail, until it is confirmed anew."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from store.accounts.consumer import Consumer
from store.db.event import record


def suppress_email_address(session: Session, consumer_id: int, words: str, now: datetime) -> bool:
    """Send no more e-mails to this consumer. *words*: the server's answer, or UNWANTED. Returns False when the address
    was suppressed already."""
    suppressed = session.execute(
        update(Consumer)
        .where(Consumer.id == consumer_id, Consumer.mail_failed_at.is_(None))
        .values(mail_failed_at=now, mail_failure=words[:500])
    )
    if suppressed.rowcount != 1:  # type: ignore[attr-defined]
        return False
    record(session, "consumer", consumer_id, "address suppressed", now, why=words)
    return True
