"""Computes the last cut-off at which an unread bill must be printed, so that its letter arrives in time. Pure."""

from datetime import date, datetime, timedelta
from typing import Final

from bill.frozen_struct import FrozenStruct
from delivery.calendar.post_days import post_days, post_days_table
from delivery.calendar.postal_calendar import Calendar
from issuers.profile import Policy

#: Days after issue (or receipt, if later) by which the letter of a bill without a due date should arrive.
DAYS_WITHOUT_DUE_DATE: Final = 15
#: Working days that an e-mailed bill waits for its reader, where the due date allows it.
DAYS_TO_READ: Final = 6
#: Working days that the bill of a risky account waits at least; where it cannot, its letter leaves at once.
LEAST_DAYS_TO_READ: Final = 2
#: Days before the due date after which a letter is too late to be of use.
BARE_DAYS_TO_PAY: Final = 3
#: Days of pre-notification of a SEPA direct debit, which the bill is (EPC016-06: 14, unless the mandate agreed on
#: fewer).
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
    (`delivery.calendar.french_region`), else "". *destination*: where the post takes longer
    (`delivery.calendar.post_days`), else "". *time_zone*: the addressee's where it is another than the print house's,
    else "".
    """

    issued: date
    received: date
    due: date | None = None
    is_to_pay: bool = True
    is_collected: bool = False
    is_over: bool = False
    instalments: tuple[date | None, ...] = ()
    region: str = ""
    destination: str = ""
    time_zone: str = ""


def last_cut_off(
    bill: BillFacts, policy: Policy, calendar: Calendar, now: datetime, *, is_risky: bool = False,
    debit_days: int = DAYS_BEFORE_DEBIT,
) -> datetime:  # fmt: skip
    """Return the cut-off at which the bill is printed if nobody has viewed it, as an aware moment; it may be past.

    Counted back from the day the letter should arrive: the post's working days to the addressee, in the addressee's
    region, then printing. The reader still gets DAYS_TO_READ working days, but no later than the last cut-off from
    which a letter is of use. A risky account gets no such days: its letter arrives in time, and leaves at once where
    fewer than LEAST_DAYS_TO_READ are left. *debit_days* are those of pre-notification.
    """
    good, late = _letter_days(bill, policy, debit_days)
    post = post_days(bill.destination, mainland_days(policy))
    wanted, last = (
        calendar.days_before(calendar.days_before(day, post, bill.region), PRINT_DAYS) for day in (good, late)
    )
    today = calendar.day_of(now)
    if is_risky:
        return now if wanted < calendar.days_after(today, LEAST_DAYS_TO_READ) else calendar.cut_off_of(wanted)
    return calendar.cut_off_of(max(wanted, min(calendar.days_after(today, DAYS_TO_READ), last)))


def mainland_days(policy: Policy) -> int:
    """Return the working days of the post in the mainland: the issuer's own figure, else that of its postage class."""
    return post_days_table().mainland[policy.postage] if policy.post_days is None else policy.post_days


def _letter_days(bill: BillFacts, policy: Policy, debit_days: int) -> tuple[date, date]:
    """Return the day on which a letter should arrive, and the last on which it is still of use.

    The e-mail has already announced a direct debit (SEPA pre-notification); the letter repeats it, before the debit at
    the latest.
    """
    furthest = bill.received + LONGEST_WAIT
    if bill.due is None:
        day = min(max(bill.issued, bill.received), furthest) + timedelta(days=DAYS_WITHOUT_DUE_DATE)
        return day, day
    due = min(max(bill.due, bill.received), furthest)
    before = _days_before(bill, policy, debit_days)
    return due - timedelta(days=before), due - timedelta(days=min(before, BARE_DAYS_TO_PAY))


def _days_before(bill: BillFacts, policy: Policy, debit_days: int) -> int:
    """Return how many days before its due date the bill should arrive."""
    if bill.is_collected:
        return max(policy.least_days_to_pay, debit_days)
    return policy.least_days_to_pay if bill.is_to_pay else 0
