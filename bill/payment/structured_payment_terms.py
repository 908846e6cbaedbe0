"""Parse early payment discounts and late payment interest from the payment terms (BT-20), as XRechnung writes them.

    #SKONTO#TAGE=14#PROZENT=2.00#BASISBETRAG=120.00#
    #VERZUG#TAGE=30#PROZENT=9.00#

Lines in any other form stay text (BR-DE-18).
"""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from bill.bill import Bill
from bill.money import round_money

_offers: Final = re.compile(
    r"\s*#(?P<kind>SKONTO|VERZUG)#TAGE=(?P<days>[0-9]{1,4})#PROZENT=(?P<percent>[0-9]{1,3}(?:\.[0-9]{1,2})?)"
    r"(?:#BASISBETRAG=(?P<base>-?[0-9]{1,15}(?:\.[0-9]{1,2})?))?#\s*"
)
_HUNDRED: Final = Decimal(100)


class EarlyPaymentDiscount(NamedTuple):
    """*discount*: *percent* less of *base* until *day*, when *amount* is all that is to pay. *interest*: *percent* more
    after *day*, of *base* if that is given, else of what is still due; without an amount, which depends on the delay.
    Days are counted from the day of issue."""

    kind: Literal["discount", "interest"]
    percent: Decimal
    day: date
    amount: Decimal | None = None
    base: Decimal | None = None
    less: Decimal | None = None  # *percent* of *base*


def early_payment_discounts(bill: Bill) -> list[EarlyPaymentDiscount | str]:
    """The payment terms in order: discounts and interest where they are written in that form, else text."""
    said: list[EarlyPaymentDiscount | str] = []
    for line in bill.terms.splitlines():
        at = 0
        for match in _offers.finditer(line):  # some layouts put them all on one line
            said += [line[at : match.start()].strip(), _offer(match, bill) or match[0].strip()]
            at = match.end()
        said.append(line[at:].strip())
    return [each for each in said if each]


def _offer(match: re.Match[str], bill: Bill) -> EarlyPaymentDiscount | None:
    percent = Decimal(match["percent"])
    try:
        day = bill.issue_date + timedelta(days=int(match["days"]))
    except OverflowError:
        return None
    if percent > _HUNDRED:
        return None
    stated = None if match["base"] is None else Decimal(match["base"])
    if match["kind"] == "VERZUG":
        return EarlyPaymentDiscount("interest", percent, day, base=stated)
    base = bill.totals.payable if stated is None else stated
    less = round_money(base * percent / _HUNDRED, bill.currency)
    left = round_money(bill.totals.payable, bill.currency) - less
    return EarlyPaymentDiscount("discount", percent, day, left, base, less) if less >= 0 and left >= 0 else None
