"""Consumers: people who sign in, and their enrolments (the accounts they hold)."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    and_,
    false,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.access_grants.ended_contracts import end_grants_on, note_new_contract
from store.accounts.account_notice import NewNotice, append_notice
from store.accounts.customer_account import IMPORTED, CustomerAccount
from store.accounts.email_address import forms_of
from store.base import Base, insert_new
from store.bill_forwarding.forward_address import end_forwards_of_account
from store.bills.bill_enquiry import close_enquiries_of
from store.bills.bill_note import forget_notes
from store.bills.bill_tag import forget_tags
from store.heirs.heir import close_heir
from store.test_sides.side_customer import may_hold

#: The *mail_failure* of a person who reported an e-mail of ours as spam.
UNWANTED: Final = "reported as spam"


class Consumer(Base):
    """A person who signs in. *mail_failed_at* is set when mail to the address failed for good, or was reported as spam
    (*mail_failure* is then UNWANTED); no mail is sent until the address is confirmed anew."""

    __tablename__ = "consumer"
    __table_args__ = (UniqueConstraint("email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(5), default="fr")
    password_hash: Mapped[str] = mapped_column(String(200))
    signed_up_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    mail_failed_at: Mapped[datetime | None]
    mail_failure: Mapped[str] = mapped_column(String(500), default="")
    first_signed_in_at: Mapped[datetime | None]
    claim_failures: Mapped[int] = mapped_column(default=0)
    claim_blocked_until: Mapped[datetime | None]
    session_epoch: Mapped[int] = mapped_column(default=0)  # raised by a new password: older sessions end
    large_print: Mapped[bool] = mapped_column(default=False, server_default=false())  # pages in larger type

    @property
    def wants_no_mail(self) -> bool:
        """Whether this person reported an e-mail of ours as spam."""
        return self.mail_failed_at is not None and self.mail_failure == UNWANTED

    @property
    def is_erased(self) -> bool:
        """Whether the person was erased (GDPR, art. 17): nothing but the number is left."""
        return "@" not in self.email

    @property
    def can_be_mailed(self) -> bool:
        return self.confirmed_at is not None and self.mail_failed_at is None


class Enrolment(Base):
    """A consumer holds an account, from claiming it until leaving it. A consumer who is suspended by an earlier holder
    (`store.accounts.holder_dispute`) sees nothing of the account. *last_seen_on*: when they last opened one of its
    bills themselves."""

    __tablename__ = "enrolment"
    __table_args__ = (Index("ix_enrolment_account_id", "account_id"),)

    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    enrolled_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    last_seen_on: Mapped[date | None] = mapped_column(Date)


class Holding(NamedTuple):
    """A consumer on an account, since when, when suspended (None: not suspended), and when they last opened one of its
    bills (None: not yet)."""

    consumer: Consumer
    since: datetime
    suspended_at: datetime | None
    last_seen_on: date | None = None


def is_in_force() -> ColumnElement[bool]:
    """SQL condition: an enrolment is in force, neither ended nor suspended."""
    return and_(Enrolment.ended_at.is_(None), Enrolment.suspended_at.is_(None))


def consumer_by_email(session: Session, email: str) -> Consumer | None:
    """The consumer with this e-mail address, in any spelling; None if there is none."""
    forms = forms_of(email)
    found = {each.email: each for each in session.scalars(select(Consumer).where(Consumer.email.in_(forms)))}
    return next((found[form] for form in forms if form in found), None)


def emails_of(session: Session, consumer_ids: Collection[int]) -> dict[int, str]:
    """The addresses of these consumers, by id. An id that is no consumer's is left out."""
    query = select(Consumer.id, Consumer.email).where(Consumer.id.in_(consumer_ids))
    return dict(session.execute(query).tuples().all())


def names_of(session: Session, consumer_ids: Collection[int]) -> dict[int, str]:
    """The names of these consumers, by id. An id that is no consumer's is left out."""
    query = select(Consumer.id, Consumer.name).where(Consumer.id.in_(consumer_ids))
    return dict(session.execute(query).tuples().all())


def enrol(session: Session, consumer_id: int, account_id: int, at: datetime, by: str = "") -> bool:
    """Let the consumer hold the account, and append that to its notices. Returns False if they hold it already or are
    suspended from it. *by* is who decides it, where it is not the consumer. Raises PermissionError for an account of a
    test side that is not the consumer's (`store.test_sides.side_customer`)."""
    if not may_hold(session, consumer_id, session.get_one(CustomerAccount, account_id).issuer_id):
        raise PermissionError("accounts of a test side are for its own customers, who hold no other")
    if not _enrol(session, consumer_id, account_id, at):
        return False
    linked = NewNotice(
        account_id=account_id, kind="linked", at=at, consumer_id=consumer_id, by=by or f"consumer {consumer_id}",
        channel="staff" if by else "portal", basis="decision" if by else "consent",
    )  # fmt: skip
    append_notice(session, linked)
    note_new_contract(session, account_id, consumer_id, at)
    return True


def end_holding(session: Session, consumer_id: int, account_id: int, at: datetime, by: str = "") -> bool:
    """End the consumer's enrolment (as an heir too) and what they granted on the account, close their questions about
    its bills, delete their tags and notes on these, and append that to the account's notices. Returns False if they did
    not hold it. *by* is who ends it, where it is not the consumer."""
    ended = session.execute(
        update(Enrolment)
        .where(Enrolment.consumer_id == consumer_id, Enrolment.account_id == account_id, Enrolment.ended_at.is_(None))
        .values(ended_at=at)
    )
    if ended.rowcount != 1:  # type: ignore[attr-defined]
        return False
    who = by or f"consumer {consumer_id}"
    left = NewNotice(
        account_id=account_id, kind="left", at=at, consumer_id=consumer_id, by=who, channel="staff" if by else "portal",
        basis="decision" if by else "consent",
    )  # fmt: skip
    append_notice(session, left)
    end_grants_on(session, account_id, consumer_id, at, who)
    close_enquiries_of(session, consumer_id, account_id, at, who)
    end_forwards_of_account(session, consumer_id, account_id, at, who)
    close_heir(session, consumer_id, account_id, at, who)
    forget_tags(session, consumer_id, [account_id])
    forget_notes(session, consumer_id, [account_id])
    return True


def _enrol(session: Session, consumer_id: int, account_id: int, at: datetime) -> bool:
    row = {
        "consumer_id": consumer_id, "account_id": account_id, "enrolled_at": at, "ended_at": None,
        "suspended_at": None,
    }  # fmt: skip
    if insert_new(session, Enrolment, [row]) == 1:
        return True
    again = session.execute(
        update(Enrolment)
        .where(Enrolment.consumer_id == consumer_id, Enrolment.account_id == account_id)
        .where(Enrolment.ended_at.is_not(None), Enrolment.suspended_at.is_(None))
        .values(ended_at=None, enrolled_at=at)
    )
    return again.rowcount == 1  # type: ignore[attr-defined,no-any-return]


def accounts_of(session: Session, consumer_id: int, *, imported: bool = False) -> list[CustomerAccount]:
    """The accounts a consumer holds today, at issuers on board; with *imported* those as well in which they keep the
    bills that they brought in."""
    query = (
        select(CustomerAccount)
        .join(Enrolment, Enrolment.account_id == CustomerAccount.id)
        .where(Enrolment.consumer_id == consumer_id, is_in_force())
        .order_by(CustomerAccount.id)
    )
    return list(session.scalars(query if imported else query.where(CustomerAccount.term != IMPORTED)))


def suspended_accounts_of(session: Session, consumer_id: int) -> list[CustomerAccount]:
    """The accounts from which a consumer is suspended, or was removed by the issuer."""
    query = (
        select(CustomerAccount)
        .join(Enrolment, Enrolment.account_id == CustomerAccount.id)
        .where(Enrolment.consumer_id == consumer_id, Enrolment.suspended_at.is_not(None))
        .order_by(CustomerAccount.id)
    )
    return list(session.scalars(query))


def holders_of(session: Session, account_ids: Iterable[int]) -> dict[int, list[Consumer]]:
    """The present holders of each of these accounts by account id, in the order they came."""
    query = (
        select(Enrolment.account_id, Consumer)
        .join(Consumer, Consumer.id == Enrolment.consumer_id)
        .where(Enrolment.account_id.in_(list(account_ids)), is_in_force())
        .order_by(Enrolment.enrolled_at, Consumer.id)
    )
    holders: dict[int, list[Consumer]] = {}
    for account_id, consumer in session.execute(query):
        holders.setdefault(account_id, []).append(consumer)
    return holders


def is_holder(session: Session, account_id: int, consumer_id: int) -> bool:
    """Whether this consumer holds the account today."""
    mine = (Enrolment.account_id == account_id, Enrolment.consumer_id == consumer_id)
    return session.scalar(select(literal(1)).where(*mine, is_in_force())) is not None


def holdings_of(session: Session, account_ids: Collection[int]) -> dict[int, list[Holding]]:
    """All holders of each of these accounts by account id, suspended ones too, in the order they came."""
    query = (
        select(Enrolment.account_id, Consumer, Enrolment.enrolled_at, Enrolment.suspended_at, Enrolment.last_seen_on)
        .join(Consumer, Consumer.id == Enrolment.consumer_id)
        .where(Enrolment.account_id.in_(account_ids), Enrolment.ended_at.is_(None))
        .order_by(Enrolment.enrolled_at, Consumer.id)
    )
    found: dict[int, list[Holding]] = {}
    for account_id, consumer, since, suspended_at, seen_on in session.execute(query):
        found.setdefault(account_id, []).append(Holding(consumer, since, suspended_at, seen_on))
    return found


def is_suspended(session: Session, consumer_id: int, account_id: int) -> bool:
    """Whether an earlier holder or the issuer has suspended this consumer from the account."""
    enrolment = session.get(Enrolment, (consumer_id, account_id), populate_existing=True)
    return enrolment is not None and enrolment.suspended_at is not None


def last_claim_by_others(session: Session, consumer_id: int, account_id: int) -> datetime | None:
    """When anybody other than this consumer last claimed the account, even if that enrolment has ended; None if
    never."""
    query = select(func.max(Enrolment.enrolled_at))
    return session.scalar(query.where(Enrolment.account_id == account_id, Enrolment.consumer_id != consumer_id))


def note_seen(session: Session, consumer_id: int, account_id: int, today: date) -> None:
    """Keep that this holder opened a bill of the account today."""
    mine = (Enrolment.consumer_id == consumer_id, Enrolment.account_id == account_id)
    is_new = or_(Enrolment.last_seen_on.is_(None), Enrolment.last_seen_on < today)
    session.execute(update(Enrolment).where(*mine, is_new).values(last_seen_on=today))


def last_seen_on(session: Session, consumer_id: int, account_id: int) -> date | None:
    """When this holder last opened a bill of the account."""
    mine = (Enrolment.consumer_id == consumer_id, Enrolment.account_id == account_id)
    return session.scalar(select(Enrolment.last_seen_on).where(*mine))
