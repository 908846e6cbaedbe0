"""Computes the last cut-off at which an unread bill must be printed, so that its letter arrives in time. Pure."""

from datetime import date, datetime, timedelta
from typing import Final

from bill.frozen_struct import FrozenStruct
from delivery.calendar.postal_calendar import Calendar
from issuers.profile import Policy

#: Days after issue (or receipt, if later) by which the letter of a bill without a due date should arrive.
DAYS_WITHOUT_DUE_DATE: Final = 15
#: Working days that an e-mailed bill waits for its reader, where the due date allows it.
DAYS_TO_READ: Final = 6
#: Days before the due date after which a letter is too late to be of use.
BARE_DAYS_TO_PAY: Final = 3
#: Days of pre-notification of a SEPA direct debit, which the bill is (EPC016-06: 14, unless agreed otherwise).
DAYS_BEFORE_DEBIT: Final = 14
#: Working days between the cut-off of a batch and its handover to the post.
PRINT_DAYS: Final = 1
#: The longest wait for a letter, however far away the due date.
LONGEST_WAIT: Final = timedelta(days=90)


class BillFacts(FrozenStruct, frozen=True):
    """What the print deadline depends on, as of now.

    *is_to_pay*: the addressee must pay by hand. *is_collected*: paid by direct debit. Neither: a credit, or nothing to
    pay. *is_over*: it was credited, replaced or paid since. *instalments*: the days of all parts of a bill paid by hand
    in parts. *region*: the addressee's region where that has public holidays of its own
    (`delivery.calendar.french_region`), else "".
    """

    issued: date
    received: date
    due: date | None = None
    is_to_pay: bool = True
    is_collected: bool = False
    is_over: bool = False
    instalments: tuple[date | None, ...] = ()
    region: str = ""


def last_cut_off(bill: BillFacts, policy: Policy, calendar: Calendar, now: datetime) -> datetime:
    """Return the cut-off at which the bill is printed if nobody has viewed it, as an aware moment; it may be past.

    Counted back from the day the letter should arrive: the post's working days in the addressee's region, then
    printing. The reader still gets DAYS_TO_READ working days, but no later than the last cut-off from which a letter is
    of use.
    """
    good, late = _letter_days(bill, policy)
    wanted, last = (
        calendar.days_before(calendar.days_before(day, policy.post_days, bill.region), PRINT_DAYS)
        for day in (good, late)
    )
    read = calendar.days_after(calendar.day_of(now), DAYS_TO_READ)
    return calendar.cut_off_of(max(wanted, min(read, last)))


def _letter_days(bill: BillFacts, policy: Policy) -> tuple[date, date]:
    """Return the day on which a letter should arrive, and the last on which it is still of use.

    The e-mail has already announced a direct debit (SEPA pre-notification); the letter repeats it, before the debit at
    the latest.
    """
    furthest = bill.received + LONGEST_WAIT
    if bill.due is None:
        day = min(max(bill.issued, bill.received), furthest) + timedelta(days=DAYS_WITHOUT_DUE_DATE)
        return day, day
    due = min(max(bill.due, bill.received), furthest)
    before = _days_before(bill, policy)
    return due - timedelta(days=before), due - timedelta(days=min(before, BARE_DAYS_TO_PAY))


def _days_before(bill: BillFacts, policy: Policy) -> int:
    """Return how many days before its due date the bill should arrive."""
    if bill.is_collected:
        return max(policy.least_days_to_pay, DAYS_BEFORE_DEBIT)
    return policy.least_days_to_pay if bill.is_to_pay else 0
