"""The calendar of all due dates of a person: those of the bills on the contracts that they hold today."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bill import CREDIT_NOTE_TYPES, AmountDue, spell_money
from delivery.due_date_calendar.due_date_changes import CANCELLED, EntryChange, due_dates, entry_changes
from delivery.due_date_calendar.icalendar_text import CalendarEvent, calendar_text
from payments.amounts_due import amounts_due
from store import Store
from store.accounts.consumer import Consumer, Enrolment, is_in_force
from store.bills.bill import PRESENTABLE, BillRow
from store.bills.listed_bill import LISTED, ListedBill
from store.db.constant_in_sql import is_one_of
from store.due_date_calendar.due_date_entry import DueDateEntry, entries_of_bills, keep_entry
from store.issuer import Issuer, issuers_by_id
from words.catalogue import known_language, say
from words.written_dates import written_date

#: Bills whose last due date is longer ago are in the calendar no more.
SHOWN_FOR: Final = timedelta(days=400)
#: Bills in a calendar; the latest of them where a person has more.
MOST_BILLS: Final = 500
REFRESH_HOURS: Final = 6


class _Page(NamedTuple):
    """What the text of an event needs besides its entry."""

    bill: ListedBill
    issuer: Issuer
    url: str


def due_date_calendar(store: Store, consumer: Consumer, public_url: str, today: date, now: datetime) -> bytes:
    """The calendar as iCalendar text in the person's language. What changed since it was last read is kept first."""
    with store.reading() as session:
        bills = _bills_in_calendar(session, consumer.id, today)
        told = entries_of_bills(session, [each.id for each in bills])
        changes = _changes(amounts_due(session, bills, today), bills, told)
        issuers = issuers_by_id(session, {each.issuer_id for each in bills})
    if changes:
        with store.writing() as session:
            for bill_id, of_bill in changes.items():
                for each in of_bill:
                    keep_entry(session, bill_id, *each, now)
        with store.reading() as session:
            told = entries_of_bills(session, [each.id for each in bills])
    language = known_language(consumer.language)
    events = [
        _event(entry, _Page(bill, issuers[bill.issuer_id], f"{public_url}/factures/{bill.uid}"), language)
        for bill in bills
        for entry in told.get(bill.id, ())
    ]
    return calendar_text(say("Échéances de mes factures", language), language, REFRESH_HOURS, events)


def _changes(
    due: Mapping[int, AmountDue], bills: list[ListedBill], told: Mapping[int, list[DueDateEntry]]
) -> dict[int, list[EntryChange]]:
    found = {}
    for bill in bills:
        dates = due_dates(due[bill.id]) if bill.state in PRESENTABLE else []
        if changes := entry_changes(dates, told.get(bill.id, [])):
            found[bill.id] = changes
    return found


def _bills_in_calendar(session: Session, consumer_id: int, today: date) -> list[ListedBill]:
    """The bills that may be in the person's calendar, the first due first. One that was recalled or superseded is there
    if calendars were told of it."""
    last_day = func.coalesce(BillRow.last_due_date, BillRow.due_date, BillRow.issue_date)
    was_told = select(DueDateEntry.bill_id).where(DueDateEntry.bill_id == BillRow.id).exists()
    withdrawn = BillRow.state.in_(("recalled", "superseded")) & was_told
    query = (
        select(*LISTED)
        .join(Enrolment, Enrolment.account_id == BillRow.account_id)
        .where(Enrolment.consumer_id == consumer_id, is_in_force(), last_day >= today - SHOWN_FOR)
        .where(or_(is_one_of(BillRow.state, PRESENTABLE), withdrawn))
        .where(~is_one_of(BillRow.type_code, CREDIT_NOTE_TYPES))
        .order_by(last_day.desc(), BillRow.id.desc())
        .limit(MOST_BILLS)
    )
    return [ListedBill(*row) for row in session.execute(query)][::-1]


def _event(entry: DueDateEntry, page: _Page, language: str) -> CalendarEvent:
    values = {
        "issuer": page.issuer.name, "amount": spell_money(entry.amount, page.bill.currency, language),
        "number": page.bill.number, "day": written_date(page.bill.issue_date, language),
    }  # fmt: skip
    match entry.state:
        case "collected":
            summary = say("{issuer} : {amount}, prélevés", language, **values)
        case "cancelled":
            summary = say("{issuer} : {amount}, plus rien à payer", language, **values)
        case _:
            summary = say("{issuer} : {amount} à payer", language, **values)
    return CalendarEvent(
        uid=f"{page.bill.uid}-{entry.part}@facteur", day=entry.due_on, summary=summary,
        description=say("Facture n° {number} du {day}.", language, **values), url=page.url,
        is_cancelled=entry.state == CANCELLED, sequence=entry.sequence, changed_at=entry.changed_at,
    )  # fmt: skip
