"""The relationships of many accounts, from the store: a constant number of queries, however many accounts."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session, aliased

from bill.customer.known_customer import unpack_known
from delivery.calendar.postal_calendar import Calendar
from delivery.notices.notice_preference import NoticePreference, preference_in
from delivery.notices.working_channels import reaching, why_unreached, working_channels
from delivery.relationship.account_history import AccountHistory, BillReading, GivenConsent, KnownNotice
from delivery.relationship.relationship_state import INVITED_DAYS, AccountRelationship, relationship_of
from store.accounts.account_notice import AccountNotice
from store.accounts.consent import Consent
from store.accounts.consumer import Consumer, Enrolment, is_in_force
from store.accounts.customer_account import CustomerAccount
from store.accounts.notice_preference import preference_rows
from store.bills.bill import BillRow
from store.customers.customer_reference import CustomerReference
from store.db.event import Event
from store.delivery import Delivery

#: A bill is posted within a year of its issue: letters of older bills are not looked for.
_POSTED_WITHIN: Final = timedelta(days=366)
_POSTED: Final = ("sent", "delivered")
#: Events of a consumer after which messages may not come any more.
_CHANNEL_LOST: Final = ("phone withdrawn", "phone suppressed", "push ended")


def relationships_of(
    session: Session, account_ids: Collection[int], now: datetime, calendar: Calendar | None = None
) -> dict[int, AccountRelationship]:
    """The relationship of each of these accounts at this moment, by account id. *calendar* says in which time zone days
    begin."""
    if not account_ids:
        return {}
    calendar = calendar or Calendar()
    today = calendar.day_of(now)
    histories = histories_of(session, account_ids, now, calendar)
    return {account_id: relationship_of(history, today) for account_id, history in histories.items()}


def histories_of(
    session: Session, account_ids: Collection[int], now: datetime, calendar: Calendar
) -> dict[int, AccountHistory]:
    """The history of each of these accounts, by account id."""
    zone = ZoneInfo(calendar.time_zone)
    accounts = select(
        CustomerAccount.id, CustomerAccount.standing, CustomerAccount.paperless, CustomerAccount.bereavement_verdict
    )
    rows = session.execute(accounts.where(CustomerAccount.id.in_(account_ids))).all()
    consents, notices = _consents_of(session, account_ids, zone), _notices_of(session, account_ids, zone)
    holders, said = _holders_of(session, account_ids, zone), _statements_of(session, account_ids, zone)
    followed = {row.id for row in rows if row.id in holders}
    invited = _invited_at(session, {row.id for row in rows} - followed, calendar.day_of(now), zone)
    readings = _readings_of(session, [row.id for row in rows if row.paperless and row.id in followed], now, zone)
    return {
        row.id: AccountHistory(
            consents=tuple(consents[row.id]), notices=tuple(notices[row.id]), readings=tuple(readings[row.id]),
            holders_since=tuple(each.since for each in holders.get(row.id, ())),
            unreached_since=_unreached_since(holders.get(row.id, ())),
            unreached_why=why_unreached((each.can_be_mailed, each.preference) for each in holders.get(row.id, ())),
            invited_at=invited.get(row.id),
            standing=row.standing, bereavement=row.bereavement_verdict,
            **said[row.id]._asdict() if row.id in said else {},
        )
        for row in rows
    }  # fmt: skip


def _consents_of(session: Session, ids: Collection[int], zone: ZoneInfo) -> dict[int, list[GivenConsent]]:
    query = select(Consent.account_id, Consent.at, Consent.id, Consent.act, Consent.basis)
    found = defaultdict(list)
    for account_id, at, n, act, basis in session.execute(query.where(Consent.account_id.in_(ids))):
        found[account_id].append(GivenConsent(at=at.astimezone(zone), n=n, act=act, basis=basis))
    return found


def _notices_of(session: Session, ids: Collection[int], zone: ZoneInfo) -> dict[int, list[KnownNotice]]:
    query = select(AccountNotice.account_id, AccountNotice.at, AccountNotice.id, AccountNotice.kind)
    found = defaultdict(list)
    for account_id, at, n, kind in session.execute(query.where(AccountNotice.account_id.in_(ids))):
        found[account_id].append(KnownNotice(at=at.astimezone(zone), n=n, kind=kind))
    return found


class _Holder(NamedTuple):
    """Since when somebody holds an account, since when no message reaches them (None: one does), whether e-mail would,
    and how they chose to hear of bills."""

    since: datetime
    unreached_since: datetime | None
    can_be_mailed: bool
    preference: NoticePreference


def _holders_of(session: Session, ids: Collection[int], zone: ZoneInfo) -> dict[int, list[_Holder]]:
    query = select(Enrolment, Consumer).join(Consumer, Consumer.id == Enrolment.consumer_id)
    held = [row._tuple() for row in session.execute(query.where(Enrolment.account_id.in_(ids), is_in_force()))]
    rows = preference_rows(session, {who.id for _, who in held}, ids)
    chosen = {(row.consumer_id, row.account_id): row for row in rows}
    choices = [chosen.get((who.id, each.account_id)) or chosen.get((who.id, None)) for each, who in held]
    preferences = [NoticePreference() if row is None else preference_in(row) for row in choices]
    readers = [(who, how) for (_, who), how in zip(held, preferences, strict=True)]
    works = working_channels(session, readers)
    lost = _channels_lost(
        session, {who.id for who, how in readers if how.channels and not reaching(how, works[who.id])}
    )
    found: dict[int, list[_Holder]] = {}
    for (enrolment, who), row, how in zip(held, choices, preferences, strict=True):
        since, is_reached = enrolment.enrolled_at, bool(reaching(how, works[who.id]))
        lost_at = who.mail_failed_at or (since if who.confirmed_at is None else row.chosen_at if row else since)
        lost_at = max(lost_at, lost.get(who.id, lost_at))
        holder = _Holder(
            since.astimezone(zone), None if is_reached else lost_at.astimezone(zone), who.can_be_mailed, how
        )
        found.setdefault(enrolment.account_id, []).append(holder)
    return found


def _channels_lost(session: Session, consumer_ids: Collection[int]) -> dict[int, datetime]:
    """When a phone or a device of these people was last given up, or failed."""
    if not consumer_ids:
        return {}
    mine = (Event.subject == "consumer", Event.subject_id.in_(consumer_ids), Event.what.in_(_CHANNEL_LOST))
    query = select(Event.subject_id, func.max(Event.at)).where(*mine).group_by(Event.subject_id)
    return dict(session.execute(query).tuples().all())


def _unreached_since(holders: Collection[_Holder]) -> datetime | None:
    """Since when no message reaches any of these holders; None where one does, or nobody holds the account."""
    lost = [each.unreached_since for each in holders if each.unreached_since is not None]
    return max(lost) if lost and len(lost) == len(holders) else None


class _Statements(NamedTuple):
    died_on: date | None
    closed_on: date | None
    paper_by_right: str
    exempt_since: datetime | None


def _statements_of(session: Session, ids: Collection[int], zone: ZoneInfo) -> dict[int, _Statements]:
    """What the issuers say of these accounts' customers; the packed knowledge is read for the clock of a paper right
    alone."""
    right = CustomerReference.paper_by_right
    content = case((right != "", CustomerReference.content)).label("content")
    query = select(
        CustomerReference.account_id, CustomerReference.died_on, CustomerReference.closed_on, right, content
    )  # fmt: skip
    found = {}
    for account_id, died_on, closed_on, paper_by_right, packed in session.execute(
        query.where(CustomerReference.account_id.in_(ids))
    ):
        clock = unpack_known(packed).clocks.get("paper_by_right") if packed else None
        exempt_since = None if clock is None else clock.astimezone(zone)
        found[account_id] = _Statements(died_on, closed_on, paper_by_right, exempt_since)
    return found


def _invited_at(session: Session, ids: Collection[int], today: date, zone: ZoneInfo) -> dict[int, datetime]:
    """When the last letter that bears a claim code was handed over, for the accounts that have had one lately."""
    oldest = today - timedelta(days=INVITED_DAYS) - _POSTED_WITHIN
    query = (
        select(BillRow.account_id, func.max(Delivery.sent_at))
        .join(Delivery, Delivery.bill_id == BillRow.id)
        .where(BillRow.account_id.in_(ids), BillRow.issue_date >= oldest)
        .where(Delivery.channel == "paper", Delivery.claim_digest.is_not(None), Delivery.state.in_(_POSTED))
        .group_by(BillRow.account_id)
    )
    return {account_id: at.astimezone(zone) for account_id, at in session.execute(query) if at is not None}


def _readings_of(
    session: Session, ids: Collection[int], now: datetime, zone: ZoneInfo
) -> dict[int, list[BillReading]]:  # fmt: skip
    """The readings of the bills that came since these accounts are without paper."""
    letter = aliased(Delivery)
    is_letter = and_(letter.bill_id == BillRow.id, letter.channel == "paper", letter.purpose == "print")
    query = (
        select(
            BillRow.account_id, BillRow.id, BillRow.viewed_at, letter.state, letter.made_at, letter.sent_at,
            letter.due_at,
        )
        .join(CustomerAccount, CustomerAccount.id == BillRow.account_id)
        .outerjoin(letter, is_letter)
        .where(BillRow.account_id.in_(ids), BillRow.state == "chosen")
        .where(BillRow.received_at >= CustomerAccount.paperless_since)
    )  # fmt: skip
    found: dict[int, list[BillReading]] = defaultdict(list)
    for row in session.execute(query):
        waited_for = None
        if row.state not in {None, "cancelled"} and row.due_at > row.made_at:  # else it went by post at once
            waited_for = row.sent_at if row.state in _POSTED else row.due_at
        if (reading := _reading(row.id, row.viewed_at, waited_for, now, zone)) is not None:
            found[row.account_id].append(reading)
    return found


def _reading(
    bill_id: int, viewed_at: datetime | None, waited_for: datetime | None, now: datetime, zone: ZoneInfo
) -> BillReading | None:
    """Whether a bill was read in time, and when that was clear; None while it may still be read. *waited_for* is its
    deadline, when its letter leaves; None where no letter waits for a reader: one that went by post at once, or whose
    letter was cancelled, counts where it was read."""
    if viewed_at is not None and (waited_for is None or viewed_at <= waited_for):
        return BillReading(at=viewed_at.astimezone(zone), bill_id=bill_id, is_read=True)
    if waited_for is None or waited_for > now:
        return None
    return BillReading(at=waited_for.astimezone(zone), bill_id=bill_id, is_read=False)
