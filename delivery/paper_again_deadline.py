"""Computes the last day on which paper comes again after a customer has asked for it. Pure, but for `promised_day`."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from delivery.calendar.french_region import region_of
from delivery.calendar.postal_calendar import Calendar
from delivery.calendar.region_time_zone import time_zone_of
from issuers.policy_clocks import policy_clocks
from issuers.registry import profile_of
from store.accounts.customer_account import CustomerAccount
from store.issuer import Issuer


def paper_again_by(asked_at: datetime, working_days: int, there: Calendar) -> date:
    """Return the last of these working days after *asked_at*, whose own day does not count. *there* is the calendar of
    where the customer lives, whatever is a holiday at the print house."""
    return there.last_day_of_right(there.day_of(asked_at), working_days)


def promised_day(session: Session, account: CustomerAccount, asked_at: datetime, calendar: Calendar) -> date:
    """Return the same for an account: by its issuer's clock, where its postcode is."""
    address = account.postal_address
    days = policy_clocks(profile_of(session.get_one(Issuer, account.issuer_id))).paper_again_days
    place = address.french_postcode, address.country
    return paper_again_by(asked_at, days, calendar.at_reader(time_zone_of(*place), region_of(*place)))
