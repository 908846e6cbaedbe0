"""Invite somebody by mail to read one's bills."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final, Literal

from msgspec import Struct
from sqlalchemy.orm import Session

from consumers.access_grants.grant_trail import note_step
from store.access_grants.access_grant import (
    AccessGrant,
    GrantedAccount,
    GrantedKind,
    Relation,
    is_mailed_since,
    open_grants_of_owner,
)
from store.accounts.consumer import Consumer, accounts_of
from store.accounts.email_address import forms_of
from store.db.event import record
from store.db.row_locks import ROW_LOCK
from store.job import request_job

#: So many invitations and grants of one person may be open.
MOST_OPEN: Final = 10
#: An address is mailed at most once in so long for one person, however often they invite it: the invitation waits in
#: its owner's space all the same.
MAIL_PAUSE: Final = timedelta(days=7)
#: Kind of the job that mails the invitation.
INVITATION_JOB: Final = "grant_invitation"


class ReadingScope(Struct, frozen=True, kw_only=True):
    """What a reader may see. *account_ids* None: all contracts, those added later too. *until_on* None: no end."""

    kinds: Collection[GrantedKind]
    account_ids: Collection[int] | None = None
    looks_for_owner: bool = False
    until_on: date | None = None


#: Why nobody is invited: the owner's own address, one that reads or is invited already, too many, no contract of theirs
#: or no kind of bill chosen, a last day that is past.
InviteRefusal = Literal["self", "open", "many", "no_contract", "no_kind", "past"]


def invite_reader(
    session: Session, owner_id: int, email: str, relation: Relation, scope: ReadingScope, now: datetime, today: date
) -> AccessGrant | InviteRefusal:
    """Keep the invitation and mail it (wake the workers). *email* is in its stored form. What the owner learns is the
    same whether or not somebody has a space with that address."""
    owner = session.get_one(Consumer, owner_id, with_for_update=ROW_LOCK, populate_existing=True)
    accounts = _accounts(session, owner_id, scope)
    if refusal := _refusal(session, owner, email, scope, accounts, today):
        return refusal
    was_mailed = is_mailed_since(session, owner_id, email, now - MAIL_PAUSE)
    grant = AccessGrant(
        owner_id=owner_id, email=email, relation=relation, looks_for_owner=scope.looks_for_owner,
        covers_all=scope.account_ids is None, sees_invoices="invoices" in scope.kinds,
        sees_credit_notes="credit_notes" in scope.kinds, sees_correctives="correctives" in scope.kinds,
        until_on=scope.until_on, invited_at=now, mailed_at=None if was_mailed else now,
    )  # fmt: skip
    session.add(grant)
    session.flush()
    if scope.account_ids is not None:
        session.add_all(GrantedAccount(grant_id=grant.id, account_id=each) for each in sorted(accounts))
        session.flush()
    record(session, AccessGrant.__tablename__, grant.id, "invited", now, by=f"consumer {owner_id}")
    note_step(session, grant.id, "grant_invited", owner_id, now)
    if not was_mailed:
        request_job(session, INVITATION_JOB, {"grant_id": grant.id}, now)
    return grant


def _accounts(session: Session, owner_id: int, scope: ReadingScope) -> set[int]:
    """The owner's contracts within the scope. One whose number has passed on is nobody's to show."""
    held = {each.id for each in accounts_of(session, owner_id) if each.standing not in {"former", "joined"}}
    return held if scope.account_ids is None else held & set(scope.account_ids)


def _refusal(
    session: Session, owner: Consumer, email: str, scope: ReadingScope, accounts: set[int], today: date
) -> InviteRefusal | None:
    opened = open_grants_of_owner(session, owner.id)
    if email in forms_of(owner.email):
        return "self"
    if any(each.email == email for each in opened):
        return "open"
    if len(opened) >= MOST_OPEN:
        return "many"
    if not accounts:
        return "no_contract"
    if not scope.kinds:
        return "no_kind"
    return "past" if scope.until_on is not None and scope.until_on < today else None
