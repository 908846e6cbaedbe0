"""A payment plan: instalments by which the issuer lets the customer pay what is left of a bill. Pure."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final, NamedTuple

from bill.bill import Instalment
from bill.money import ZERO, minor_units

_MONTHS: Final = 12


class PaymentPlan(NamedTuple):
    """*instalments*, soonest first, add up to what was left when the plan was granted. *paid* had been paid of the bill
    by then, and *credited* deducted from it by credit notes."""

    instalments: tuple[Instalment, ...]
    paid: Decimal = ZERO
    credited: Decimal = ZERO

    def parts(self, due: date | None) -> list[Instalment]:
        """All that the bill asks, in the order in which it is paid: what was paid before the plan by the bill's own
        *due* date, should it come back; the instalments; what had been credited, without a date."""
        before = [Instalment(amount=self.paid, due=due)] if self.paid else []
        after = [Instalment(amount=self.credited)] if self.credited else []
        return [*before, *self.instalments, *after]


def proposed_instalments(left: Decimal, currency: str, parts: int, first: date) -> tuple[Instalment, ...]:
    """*left* in equal instalments, one a month from *first* on, fewer than *parts* if there are not as many cents. The
    first ones are greater by one cent where it cannot be divided."""
    cents = int(left.scaleb(minor_units(currency)))
    parts = max(min(parts, cents), 1)
    share, more = divmod(cents, parts)
    amounts = (Decimal(share + (n < more)).scaleb(-minor_units(currency)) for n in range(parts))
    return tuple(Instalment(amount=amount, due=_months_after(first, n)) for n, amount in enumerate(amounts))


def are_in_order(instalments: Sequence[Instalment], today: date, last: date = date.max) -> bool:
    """Whether each instalment has its own day, the soonest first, none before *today* and none after *last*."""
    days = [each.due for each in instalments]
    known = [day for day in days if day is not None]
    return len(known) == len(days) and known == sorted(set(known)) and all(today <= day <= last for day in known)


def _months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last."""
    years, month = divmod(day.month - 1 + months, _MONTHS)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
