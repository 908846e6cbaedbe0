"""Access grants: a holder of contracts (the owner) lets another person (the reader) read their bills.

A grant makes nobody a holder: its reader is told of no bill, consents to nothing and is counted nowhere.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final, Literal

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    String,
    and_,
    exists,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from store.accounts.email_address import forms_of
from store.base import Base

#: `invited`: asked by mail. It ends `declined` by who was invited, `returned` by the reader, `revoked` by the owner, or
#: `ended`: nobody answered, its last day is past, or none of its contracts is left.
GRANT_STATES: Final = ("invited", "accepted", "declined", "returned", "revoked", "ended")
#: What a reader is to the owner, as the owner says.
RELATIONS: Final = ("spouse", "carer", "accountant", "other")
Relation = Literal["spouse", "carer", "accountant", "other"]
#: What a bill is to a grant: a credit note, an invoice that replaces another, or any other invoice.
GrantedKind = Literal["invoices", "credit_notes", "correctives"]
#: An invitation that nobody has answered is over after so long.
INVITATION_LIFE: Final = timedelta(days=14)
_OPEN: Final = text("state IN ('invited', 'accepted')")


class AccessGrant(Base):
    """One grant; of an owner to an address at most one is open. *email* is where the invitation went, in its stored
    form; only who has confirmed that address becomes the reader. *looks_for_owner*: what the reader has looked at needs
    no letter for silence. *covers_all*: all contracts of the owner, those added later too; else those of
    `GrantedAccount`. *until_on* is its last day. *mailed_at*: when its mail was asked for; None where one for the same
    owner had gone to that address shortly before."""

    __tablename__ = "access_grant"
    __table_args__ = (
        CheckConstraint(f"state IN {GRANT_STATES}", name="state"),
        CheckConstraint(f"relation IN {RELATIONS}", name="relation"),
        CheckConstraint("state <> 'accepted' OR reader_id IS NOT NULL", name="reader"),
        Index("uq_access_grant_open", "owner_id", "email", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_access_grant_reader_id_state", "reader_id", "state"),
        Index("ix_access_grant_email_state", "email", "state"),
        Index("ix_access_grant_state_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))
    reader_id: Mapped[int | None] = mapped_column(ForeignKey("consumer.id"))
    email: Mapped[str] = mapped_column(String(254))
    relation: Mapped[str] = mapped_column(String(12))
    looks_for_owner: Mapped[bool] = mapped_column(default=False)
    covers_all: Mapped[bool] = mapped_column(default=False)
    sees_invoices: Mapped[bool] = mapped_column(default=True)
    sees_credit_notes: Mapped[bool] = mapped_column(default=True)
    sees_correctives: Mapped[bool] = mapped_column(default=True)
    until_on: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10), default="invited")
    invited_at: Mapped[datetime]
    mailed_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    last_seen_on: Mapped[date | None] = mapped_column(Date)  # when the reader last looked at anything of it

    @property
    def kinds(self) -> list[GrantedKind]:
        """The kinds of bills that the reader sees."""
        seen: list[tuple[GrantedKind, bool]] = [
            ("invoices", self.sees_invoices), ("credit_notes", self.sees_credit_notes),
            ("correctives", self.sees_correctives),
        ]  # fmt: skip
        return [kind for kind, sees in seen if sees]


class GrantedAccount(Base):
    """A contract that a grant names. *ended_at*: the owner has left it, was suspended from it, or its number has passed
    on; of a grant of all contracts only these rows are kept."""

    __tablename__ = "access_grant_account"
    __table_args__ = (Index("ix_access_grant_account_account_id", "account_id"),)

    grant_id: Mapped[int] = mapped_column(ForeignKey("access_grant.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    ended_at: Mapped[datetime | None]


def is_in_time(today: date) -> ColumnElement[bool]:
    """SQL condition: the last day of the grant is not past."""
    return or_(AccessGrant.until_on.is_(None), AccessGrant.until_on >= today)


def is_answerable(now: datetime, today: date) -> ColumnElement[bool]:
    """SQL condition: the grant is an invitation that may still be accepted."""
    return and_(AccessGrant.state == "invited", AccessGrant.invited_at > now - INVITATION_LIFE, is_in_time(today))


def open_grants_of_owner(session: Session, owner_id: int) -> list[AccessGrant]:
    """The owner's invitations and grants that have not ended, oldest first."""
    mine = (AccessGrant.owner_id == owner_id, AccessGrant.state.in_(["invited", "accepted"]))
    return list(session.scalars(select(AccessGrant).where(*mine).order_by(AccessGrant.id)))


def grants_of_reader(session: Session, reader_id: int, today: date) -> list[AccessGrant]:
    """The grants by which this person reads, oldest first."""
    mine = (AccessGrant.reader_id == reader_id, AccessGrant.state == "accepted", is_in_time(today))
    return list(session.scalars(select(AccessGrant).where(*mine).order_by(AccessGrant.id)))


def invitations_to(session: Session, emails: Collection[str], now: datetime, today: date) -> list[AccessGrant]:
    """The invitations to these forms of one address that may be accepted, oldest first."""
    mine = (AccessGrant.email.in_(emails), is_answerable(now, today))
    return list(session.scalars(select(AccessGrant).where(*mine).order_by(AccessGrant.id)))


def named_accounts(session: Session, grant_ids: Collection[int]) -> dict[int, set[int]]:
    """The contracts that these grants name and that have not ended for them, by grant; one of all contracts is left
    out."""
    query = select(GrantedAccount.grant_id, GrantedAccount.account_id)
    query = query.where(GrantedAccount.grant_id.in_(grant_ids), GrantedAccount.ended_at.is_(None))
    found: dict[int, set[int]] = {}
    for grant_id, account_id in session.execute(query):
        found.setdefault(grant_id, set()).add(account_id)
    return found


def move_invitations(session: Session, old_email: str, new_email: str) -> None:
    """Let invitations that wait at an address wait at another: its person has moved there. Where the owner has invited
    that one, too, the other stays."""
    other = aliased(AccessGrant)
    is_there = exists().where(
        other.owner_id == AccessGrant.owner_id, other.email == new_email, other.ended_at.is_(None)
    )
    waiting = update(AccessGrant).where(
        AccessGrant.email.in_(forms_of(old_email)), AccessGrant.state == "invited", ~is_there
    )
    session.execute(waiting.values(email=new_email), execution_options={"synchronize_session": False})


def is_mailed_since(session: Session, owner_id: int, email: str, since: datetime) -> bool:
    """Whether an invitation of this owner was mailed to this address after *since*, whatever became of it."""
    mine = (AccessGrant.owner_id == owner_id, AccessGrant.email == email, AccessGrant.mailed_at > since)
    return session.scalar(select(AccessGrant.id).where(*mine).limit(1)) is not None
