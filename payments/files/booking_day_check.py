"""Whether the day of a payment is one that a payment told today can have. Pure.

A slip of a bank's or an issuer's program (2062 for 2026) would settle a bill by money that nobody has.
"""

from datetime import date, timedelta
from typing import Final

import msgspec

from bill import Finding, fatal
from bill.payment.payment_entry import PaymentEntry

#: Banks book today, and date some entries by the days to come; who catches up on what came before may be a quarter
#: behind who tells.
_AHEAD: Final = timedelta(days=92)
#: Direct debits are handed to the bank before their day.
_ANNOUNCED_AHEAD: Final = timedelta(days=366)
#: No claim on a bill lasts thirty years; nor are there statements in ISO 20022 of then.
_BEFORE: Final = timedelta(days=10958)


def booking_day_fault(entry: PaymentEntry, today: date) -> Finding | None:
    """The finding that refuses an entry whose day is far ahead of today, or long before; None for any other."""
    ahead = _ANNOUNCED_AHEAD if entry.kind == "announced" or not entry.is_booked else _AHEAD
    if entry.booked_on > today + ahead:
        sentence = "{day} is far ahead of today: nothing can be booked on it yet"
    elif entry.booked_on < today - _BEFORE:
        sentence = "{day} is more than thirty years ago"
    else:
        return None
    found = fatal("PAYMENT-DATE", sentence, entry.place, day=entry.booked_on.isoformat())
    return msgspec.structs.replace(found, number=entry.entry_id)
