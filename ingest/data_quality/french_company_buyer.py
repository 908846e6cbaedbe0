"""Warns about French companies among the buyers: their legal invoice goes through an approved platform, and ours is a
copy."""

from datetime import date

from bill import Bill, goes_by_platform, siren_of
from ingest.checks.broken_rule import BrokenRule


def check_business_customer(bill: Bill, platforms_since: date, broken: list[BrokenRule]) -> None:
    """DQ-BUYER-COMPANY: the buyer is a company in France, and since *platforms_since* its invoices must go through an
    approved platform."""
    if goes_by_platform(bill, platforms_since):
        wrong = (
            "the buyer is a company (SIREN {siren}): its legal invoice goes through an approved platform "
            "(CGI art. 289 bis), what is shown here is a copy"
        )
        broken.append(BrokenRule("DQ-BUYER-COMPANY", wrong, "BT-47, BT-48", {"siren": siren_of(bill.buyer)}))
