"""Sign-ups that are not confirmed yet: name, password hash and language, one row a sign-up.

Anybody may type anybody's address. So every sign-up has its own password and *epoch*, and its confirmation link
confirms that password and no other.
"""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import ForeignKey, String, delete, insert, literal, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.accounts.consumer import Consumer, consumer_by_email
from store.base import Base, insert_new
from store.db.row_locks import ROW_LOCK
from store.outbox.email_confirmed import tell_email_confirmed

#: A link that confirms is good for 72 hours; a sign-up that nobody confirmed is forgotten some time after.
KEPT: Final = timedelta(days=7)


class SignUp(Base):
    """One sign-up as this consumer: what was typed. The confirmed one stays, the others are deleted."""

    __tablename__ = "sign_up"

    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"), primary_key=True)
    epoch: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(5))
    password_hash: Mapped[str] = mapped_column(String(200))
    at: Mapped[datetime]
    browser_digest: Mapped[str] = mapped_column(String(64), default="", server_default="")  # of its cookie's secret


class TypedSignUp(NamedTuple):
    """What somebody typed to sign up, and the digest of a secret that their browser keeps."""

    email: str
    name: str
    language: str
    password_hash: str
    browser_digest: str


def sign_up(session: Session, typed: TypedSignUp, at: datetime) -> tuple[int, int] | None:
    """Record a sign-up, and create the consumer if there is none. Returns the consumer's id and the sign-up's epoch, or
    None if the address is confirmed already. The statements are the same, whether the address is known or not.

    Until one sign-up is confirmed, the consumer has the name and password of the latest.
    """
    said = {"name": typed.name, "language": typed.language, "password_hash": typed.password_hash}
    row = {
        "email": typed.email, "signed_up_at": at, "mail_failure": "", "claim_failures": 0, "session_epoch": -1, **said,
    }  # fmt: skip
    insert_new(session, Consumer, [row])
    found = consumer_by_email(session, typed.email)
    assert found is not None
    consumer = session.get_one(Consumer, found.id, with_for_update=ROW_LOCK, populate_existing=True)
    unconfirmed = (Consumer.id == consumer.id, Consumer.confirmed_at.is_(None))
    epoch = consumer.session_epoch + 1
    session.execute(update(Consumer).where(*unconfirmed).values(**said, session_epoch=epoch))
    session.execute(delete(SignUp).where(SignUp.consumer_id == consumer.id, SignUp.at < at - KEPT))
    mine = {"epoch": epoch, **said, "at": at, "browser_digest": typed.browser_digest}
    columns = [literal(value, getattr(SignUp, name).type) for name, value in mine.items()]
    session.execute(
        insert(SignUp).from_select(["consumer_id", *mine], select(Consumer.id, *columns).where(*unconfirmed))
    )
    return None if consumer.confirmed_at is not None else (consumer.id, epoch)


def confirm(session: Session, consumer_id: int, epoch: int, at: datetime) -> bool:
    """Confirm the address with this sign-up's name and password, and delete the other sign-ups.

    Returns False if the address was confirmed already or the sign-up is gone. Raises the session epoch, which makes
    links for earlier passwords invalid.
    """
    mine = session.get(SignUp, (consumer_id, epoch))
    if mine is None:
        return False
    done = session.execute(
        update(Consumer)
        .where(Consumer.id == consumer_id, Consumer.confirmed_at.is_(None))
        .values(
            confirmed_at=at, name=mine.name, language=mine.language, password_hash=mine.password_hash,
            session_epoch=Consumer.session_epoch + 1, mail_failed_at=None, mail_failure="",
        )
    )  # fmt: skip
    if done.rowcount != 1:  # type: ignore[attr-defined]
        return False
    session.execute(delete(SignUp).where(SignUp.consumer_id == consumer_id, SignUp.epoch != epoch))
    tell_email_confirmed(session, consumer_id, at)
    return True


def forget_sign_ups(session: Session, consumer_id: int) -> None:
    """Delete a consumer's sign-ups: the address was confirmed otherwise, with a password of its own."""
    session.execute(delete(SignUp).where(SignUp.consumer_id == consumer_id))
