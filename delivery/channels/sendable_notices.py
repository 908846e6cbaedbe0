"""Finds out which notices and reminders may be sent now, and what they say; ends or pauses the others."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Final

import msgspec
from msgspec.structs import replace
from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from bill import AmountDue, Reason
from consumers.one_bill_link import one_bill_url
from delivery.calendar.postal_calendar import Calendar
from delivery.calendar.region_time_zone import time_zone_of
from delivery.channels.attempt_log import MOST_ATTEMPTS
from delivery.channels.bill_notice import BillNotice, is_reminder_purpose
from delivery.channels.issuer_mark import IssuerMark, issuer_mark
from delivery.notices.notice_preference import NoticePreference, preferences_of
from delivery.notices.quiet_hours import after_quiet_hours
from delivery.reminders.bill_reminders import reminded_of, why_over
from delivery.reminders.disputed_bills import ReminderSpacing, paused_by_dispute
from delivery.reminders.household_budget import reminders_too_many, why_too_many
from delivery.reminders.payment_plan_reminders import waits_for_answer
from delivery.replace_failed import replace_failed
from payments.amounts_due import amounts_due
from store.accounts.consumer import Consumer, Enrolment, is_in_force
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import PRESENTABLE, BillRow
from store.db.state_change import change_state
from store.delivery import Delivery
from store.issuer import Issuer, issuers_by_id
from store.vault.key_ring import KeyRing

#: A reminder that waits for a person to say what a payment is of is looked at again after so long.
_DECISION: Final = timedelta(days=1)

#: A delivery, its bill, its reader, its issuer's name, and whether the reader still holds the account.
NoticeRow = tuple[Delivery, BillRow, Consumer, str, bool]

#: Where a channel reaches these people, by consumer: the address, or why there is none.
Addresses = Callable[[Session, Collection[Consumer]], dict[int, str | Reason]]


class SendableNotice(msgspec.Struct, frozen=True):
    """A notice or reminder that may be sent, and the address. *reader_language*: of the reader's whole space; the
    notice has the language chosen for its account."""

    delivery_id: int
    issuer_id: int
    to: str
    reader_language: str
    notice: BillNotice

    @property
    def leased(self) -> tuple[int, ...]:
        """The one delivery that it is."""
        return (self.delivery_id,)


def notice_rows(session: Session, ids: Sequence[int]) -> list[NoticeRow]:
    """Return what these messages are written from, in the order of *ids*."""
    mine = (Enrolment.consumer_id == Consumer.id, Enrolment.account_id == BillRow.account_id)
    holds = exists().where(*mine, is_in_force())
    query = (
        select(Delivery, BillRow, Consumer, Issuer.name, holds)
        .join(BillRow, BillRow.id == Delivery.bill_id)
        .join(Consumer, Consumer.id == Delivery.person_id)
        .join(Issuer, Issuer.id == BillRow.issuer_id)
        .where(Delivery.id.in_(ids))
    )
    found = {row[0].id: row._tuple() for row in session.execute(query)}
    return [found[each] for each in ids if each in found]


def sendable_notices(
    session: Session, rows: Sequence[NoticeRow], addresses: Addresses, public_url: str, now: datetime, today: date,
    keys: KeyRing | None = None, calendar: Calendar | None = None,
) -> list[SendableNotice]:  # fmt: skip
    """Return the notices that may be sent now. Those that must not be sent any more fail or are cancelled with the
    reason; those that fall into their reader's quiet hours wait until their end. With *keys* each leads to its bill
    without a password, else to its page in the reader's space; *calendar* tells on which day its letter leaves."""
    bills = list({row[1].id: row[1] for row in rows}.values())
    amounts, unanswered = amounts_due(session, bills, today), waits_for_answer(session, bills, now)
    disputed, spacing = paused_by_dispute(session, bills, now), ReminderSpacing(session, bills, now)
    preferences = preferences_of(session, {(row[2].id, row[1].account_id) for row in rows})
    quiet = _ends_of_quiet_hours(session, preferences, now)
    reached = addresses(session, [row[2] for row in rows])
    marks, letters = _marks(session, bills), _letter_days(session, bills, calendar or Calendar())
    good: list[SendableNotice] = []
    for delivery, bill, consumer, issuer, holds in rows:
        due, reading = amounts[bill.id], (consumer.id, bill.account_id)
        preference, to = preferences[reading], reached[consumer.id]
        if bill.state not in PRESENTABLE:
            change_state(session, Delivery, delivery.id, "ready", "cancelled", now, why=Reason("bill_withdrawn"))
        elif isinstance(to, Reason) or not holds or delivery.channel not in preference.channels:
            _fail(session, delivery, _obstacle(to, holds=holds), now)
        elif (about := _amount_to_name(delivery, bill, due)) is None:
            why = why_over(due)
            change_state(session, Delivery, delivery.id, "ready", "cancelled", now, why=why, reason=why)
        elif bill.posted_at is not None and delivery.purpose.startswith("remind-"):
            why = Reason("posted_meanwhile")
            change_state(session, Delivery, delivery.id, "ready", "cancelled", now, why=why, reason=why)
        elif is_reminder_purpose(delivery.purpose) and (
            until := unanswered.get(bill.id)
            or disputed.get(bill.id)
            or _decided_by(due, now)
            or spacing.not_before(delivery)
        ):
            _pause(session, delivery, until)
        elif delivery.attempts >= MOST_ATTEMPTS:
            _fail(session, delivery, Reason.of("email_given_up", attempts=delivery.attempts), now)
        elif reading in quiet:
            _pause(session, delivery, quiet[reading])
        else:
            language = preference.language or consumer.language
            notice = _notice(delivery, bill, about, consumer, issuer, language, public_url)
            url = one_bill_url(keys, public_url, delivery) if keys else notice.url
            notice = replace(notice, mark=marks[bill.issuer_id], letter_on=letters.get(bill.id), url=url)
            if is_reminder_purpose(delivery.purpose):
                spacing.note_sent(delivery)
            good.append(SendableNotice(delivery.id, bill.issuer_id, to, consumer.language, notice))
    return _within_budget(session, rows, good, now)


def _marks(session: Session, bills: Sequence[BillRow]) -> dict[int, IssuerMark]:
    """The mark of each issuer of these bills."""
    issuers = issuers_by_id(session, {bill.issuer_id for bill in bills})
    return {issuer_id: issuer_mark(issuer) for issuer_id, issuer in issuers.items()}


def _letter_days(session: Session, bills: Sequence[BillRow], calendar: Calendar) -> dict[int, date]:
    """The day that the letter of each of these bills leaves, unless it is seen before."""
    letters = select(Delivery.bill_id, Delivery.due_at).where(
        Delivery.bill_id.in_([bill.id for bill in bills]), Delivery.channel == "paper", Delivery.state == "waiting"
    )
    return {bill_id: calendar.day_of(due_at) for bill_id, due_at in session.execute(letters)}


def _within_budget(
    session: Session, rows: Sequence[NoticeRow], good: list[SendableNotice], now: datetime
) -> list[SendableNotice]:
    """Cancel the reminders that are too many for their household, and return the others."""
    sendable = {each.delivery_id for each in good}
    reminders = [(row[0], row[1]) for row in rows if row[0].id in sendable and is_reminder_purpose(row[0].purpose)]
    dropped, why = reminders_too_many(session, reminders, now), why_too_many()
    for delivery_id in sorted(dropped):
        change_state(session, Delivery, delivery_id, "ready", "cancelled", now, why=why, reason=why)
    return [each for each in good if each.delivery_id not in dropped]


def _ends_of_quiet_hours(
    session: Session, preferences: dict[tuple[int, int], NoticePreference], now: datetime
) -> dict[tuple[int, int], datetime]:
    """When the quiet hours end of those readers, of an account, who are in them now."""
    asking = {pair: each for pair, each in preferences.items() if each.quiet_from is not None}
    zones = _time_zones(session, {account_id for _, account_id in asking}) if asking else {}
    ends = {pair: after_quiet_hours(each, zones[pair[1]], now) for pair, each in asking.items()}
    return {pair: end for pair, end in ends.items() if end > now}


def _time_zones(session: Session, account_ids: Collection[int]) -> dict[int, str]:
    accounts = session.scalars(select(CustomerAccount).where(CustomerAccount.id.in_(account_ids)))
    found = {account.id: account.postal_address for account in accounts}
    return {
        account_id: time_zone_of(each.french_postcode, each.country) or Calendar().time_zone
        for account_id, each in found.items()
    }


def _obstacle(to: str | Reason, *, holds: bool) -> Reason:
    """Return why a reader may not be sent anything any more by this channel."""
    if not holds:
        return Reason("no_longer_holder")
    return to if isinstance(to, Reason) else Reason("no_channel_chosen")


def _fail(session: Session, delivery: Delivery, why: Reason, now: datetime) -> None:
    change_state(session, Delivery, delivery.id, "ready", "failed", now, why=why)
    replace_failed(session, delivery, why, now)


def _decided_by(due: AmountDue, now: datetime) -> datetime | None:
    """When to look again at a bill of which a person has to say whether it was paid; None for any other."""
    return now + _DECISION if due.is_undecided else None


def _pause(session: Session, delivery: Delivery, until: datetime) -> None:
    """Leave a message until then: its reader has asked to pay in several parts or disputes the amount, and waits for
    the answer; a person decides whether what was paid before is of this bill; or its reader is not to be disturbed."""
    session.execute(update(Delivery).where(Delivery.id == delivery.id).values(due_at=until))


def _amount_to_name(delivery: Delivery, bill: BillRow, due: AmountDue) -> AmountDue | None:
    """Return the amount due that this message names; None for a reminder with nothing left to remind of."""
    return reminded_of(delivery.purpose, bill, due) if is_reminder_purpose(delivery.purpose) else due


def _notice(
    delivery: Delivery, bill: BillRow, due: AmountDue, consumer: Consumer, issuer: str, language: str, public_url: str
) -> BillNotice:
    return BillNotice(
        purpose=delivery.purpose, language=language, name=consumer.name, issuer=issuer, number=bill.number,
        type_code=bill.type_code, issued=bill.issue_date, due=due, url=f"{public_url}/factures/{bill.uid}",
        paper_url=f"{public_url}/contrats", choice_url=f"{public_url}/courriels",
        invoiced=bill.payable if bill.gross is None else bill.gross,
    )  # fmt: skip
