"""Paperless by default, where the sector's law and the issuer's policy, or a campaign of its, say so: the holders of
an account on paper are told by e-mail; where each has been for the months that the law asks for, and nobody
objected, an appended consent on that legal basis makes the account paperless.

All is decided from appended notices, in one transaction for some hundreds of accounts: killed at any point, nothing is
told or switched twice.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, or_, select, true
from sqlalchemy.orm import Session

from delivery.calendar.postal_calendar import Calendar
from delivery.relationship.account_relationships import relationships_of
from delivery.relationship.default_wording import DEFAULT_ON
from delivery.relationship.months_after import months_after
from issuers.policy_clocks import policy_clocks
from issuers.registry import profile_of
from store.accounts.account_notice import AccountNotice, NewNotice, append_notice, notices_of
from store.accounts.consent import give
from store.accounts.consumer import Consumer, Enrolment, holders_of, is_in_force
from store.accounts.customer_account import CustomerAccount
from store.campaigns.default_campaign import asked_by_campaign, is_asked_by_campaign
from store.db.event import Event
from store.db.row_locks import lock_rows
from store.issuer import Issuer
from store.job import request_job

#: The job that sends one notice.
JOB: Final = "default_notice"
#: A notice that was planned and has neither left nor come back by then is planned anew.
_LOST_AFTER: Final = timedelta(days=30)
#: A notice is good for so many months; then people are told again before anything changes.
_GOOD_MONTHS: Final = 12
_TOLD: Final = ("default_planned", "default_sent", "default_refused")


class DefaultsDone(NamedTuple):
    """How many notices were planned, and how many accounts went paperless."""

    planned: int
    begun: int


class ToldHolder(NamedTuple):
    """What a holder was told of the default: the moments of the last notice that was planned, that left, and that came
    back, or of the holder's address failing."""

    planned_at: datetime | None = None
    sent_at: datetime | None = None
    refused_at: datetime | None = None

    @property
    def is_told(self) -> bool:
        """The last notice has left and did not come back."""
        return self.sent_at is not None and (self.refused_at is None or self.refused_at < self.sent_at)


def accounts_for_default(
    session: Session, issuer: Issuer, now: datetime, after: int, limit: int
) -> Sequence[int]:  # fmt: skip
    """The ids of an issuer's accounts on paper that somebody follows, by id; those where nothing can happen yet are
    left out, so that a run reads few of a million."""
    is_followed = exists().where(Enrolment.account_id == CustomerAccount.id, is_in_force())
    asked = true() if profile_of(issuer).policy.default_on else is_asked_by_campaign()
    query = select(CustomerAccount.id).where(
        asked, CustomerAccount.issuer_id == issuer.id, CustomerAccount.id > after, CustomerAccount.paperless.is_(False),
        CustomerAccount.standing.in_(["own", "apart"]), is_followed, ~_waits(issuer, now),
    )  # fmt: skip
    return session.scalars(query.order_by(CustomerAccount.id).limit(limit)).all()


def _waits(issuer: Issuer, now: datetime) -> ColumnElement[bool]:
    """SQL condition: an account's notice is on its way, runs, came back or was objected to lately, and nobody has come
    to follow the account since."""
    months = policy_clocks(profile_of(issuer)).notice_months
    last_year = now - timedelta(days=365)
    running = now - timedelta(days=28 * months)  # no month is shorter
    newcomer = exists().where(
        Enrolment.account_id == CustomerAccount.id, is_in_force(), Enrolment.enrolled_at > AccountNotice.at
    )
    return exists().where(
        AccountNotice.account_id == CustomerAccount.id, ~newcomer.correlate(CustomerAccount, AccountNotice),
        or_(
            and_(AccountNotice.kind == "default_planned", AccountNotice.at > now - _LOST_AFTER),
            and_(AccountNotice.kind == "default_sent", AccountNotice.at > running),
            and_(AccountNotice.kind.in_(["objected", "default_refused"]), AccountNotice.at > last_year),
        ),
    )  # fmt: skip


def follow_defaults(
    session: Session, issuer: Issuer, account_ids: Collection[int], now: datetime, calendar: Calendar
) -> DefaultsDone:
    """Plan the notices that these accounts' holders have not had, and make paperless those whose time is over. An
    account is left alone unless it is LINKED_DUAL: one that chose paper, has it by right, or cannot be reached by
    letter is not asked; nor does one change while the notice to one of its holders has come back. Send the wake-up
    signal after the commit."""
    if not profile_of(issuer).policy.default_on:
        account_ids = asked_by_campaign(session, account_ids)
    months = policy_clocks(profile_of(issuer)).notice_months
    locked = lock_rows(session, CustomerAccount, CustomerAccount.id.in_(account_ids))
    states = relationships_of(session, locked, now, calendar)
    asked = [each for each in locked if states[each].state == "LINKED_DUAL" and states[each].why.code == "paper_kept"]
    holders, told = holders_of(session, asked), told_holders(session, asked, now)
    today, planned, begun = calendar.day_of(now), 0, 0
    for account_id in asked:
        concerned = [
            each for each in holders.get(account_id, []) if each.can_be_mailed or (account_id, each.id) in told
        ]
        mine = {each.id: told.get((account_id, each.id), ToldHolder()) for each in concerned}
        for consumer in (each for each in concerned if each.can_be_mailed and _wants_notice(mine[each.id], now)):
            planned += _plan(session, account_id, consumer, now, today)
        ends = [calendar.day_of(each.sent_at) for each in mine.values() if each.sent_at and each.is_told]
        if len(ends) == len(mine) > 0 and months_after(max(ends), months) <= today:
            begun += _begin(session, account_id, issuer, now)
    return DefaultsDone(planned, begun)


def told_holders(
    session: Session, account_ids: Collection[int], now: datetime
) -> dict[tuple[int, int], ToldHolder]:  # fmt: skip
    """What the holders of these accounts were told of the default within the last year, by account and consumer."""
    since = months_after(now.date(), -_GOOD_MONTHS)
    found: dict[tuple[int, int], ToldHolder] = {}
    for account_id, notices in notices_of(session, account_ids).items():
        for each in notices:
            if each.kind in _TOLD and each.consumer_id is not None and each.at.date() > since:
                key = account_id, each.consumer_id
                found[key] = _with(found.get(key, ToldHolder()), each)
    failed = _failed_addresses(session, {consumer_id for _, consumer_id in found})
    return {key: _with_failure(each, failed.get(key[1])) for key, each in found.items()}


def _with(told: ToldHolder, notice: AccountNotice) -> ToldHolder:
    match notice.kind:
        case "default_planned":
            return told._replace(planned_at=notice.at)
        case "default_sent":
            return told._replace(sent_at=notice.at)
    return told._replace(refused_at=notice.at)


def _with_failure(told: ToldHolder, failed_at: datetime | None) -> ToldHolder:
    """A mailbox that failed after the notice makes it one that did not arrive."""
    if failed_at is None or (told.refused_at is not None and told.refused_at > failed_at):
        return told
    return told._replace(refused_at=failed_at)


def _failed_addresses(session: Session, consumer_ids: Collection[int]) -> dict[int, datetime]:
    query = select(Event.subject_id, Event.at).where(Event.subject == "consumer", Event.subject_id.in_(consumer_ids))
    failures = session.execute(query.where(Event.what == "address suppressed").order_by(Event.at))
    return dict(failures.tuples().all())


def _wants_notice(told: ToldHolder, now: datetime) -> bool:
    """A notice that came back stops the default for this holder, until a year has passed or their mailbox works
    again: an address that was confirmed anew takes another notice."""
    if told.is_told:
        return False
    if told.sent_at is not None or told.refused_at is not None:
        return told.refused_at is None or (told.sent_at is not None and _is_over(told.planned_at, now))
    return _is_over(told.planned_at, now)


def _is_over(planned_at: datetime | None, now: datetime) -> bool:
    return planned_at is None or planned_at + _LOST_AFTER < now


def _plan(session: Session, account_id: int, consumer: Consumer, now: datetime, today: date) -> bool:
    key = f"consumer {consumer.id} {today.isoformat()}"
    notice = NewNotice(
        account_id=account_id, kind="default_planned", at=now, key=key, consumer_id=consumer.id, channel="email",
        basis="default_on", wording=DEFAULT_ON.version,
    )  # fmt: skip
    if not append_notice(session, notice):
        return False
    request_job(session, JOB, {"account_id": account_id, "consumer_id": consumer.id, "key": key}, now)
    return True


def _begin(session: Session, account_id: int, issuer: Issuer, now: datetime) -> bool:
    account = session.get_one(CustomerAccount, account_id, populate_existing=True)
    return give(
        session, account, None, "paperless", now, DEFAULT_ON.version, basis="default_on", way="email",
        by=f"issuer {issuer.slug}",
    )  # fmt: skip
