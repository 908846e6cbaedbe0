"""Whether the day of a payment is one that a payment told today can have. Pure.

A slip of a bank's or an issuer's program (2062 for 2026) would settle a bill by money that nobody has.
"""

from datetime import date, timedelta
from typing import Final

import msgspec

from bill import Finding, fatal
from bill.payment.payment_entry import PaymentEntry

#: Banks book today, and date some entries by the next working days. Facteur may be some days behind who tells.
_AHEAD: Final = timedelta(days=31)
#: Direct debits are handed to the bank before their day.
_ANNOUNCED_AHEAD: Final = timedelta(days=366)
#: Bank statements are kept for ten years (Code de commerce L123-22); older ones are told by mistake.
_BEFORE: Final = timedelta(days=3660)


def booking_day_fault(entry: PaymentEntry, today: date) -> Finding | None:
    """The finding that refuses an entry whose day is far ahead of today, or long before; None for any other."""
    ahead = _ANNOUNCED_AHEAD if entry.kind == "announced" or not entry.is_booked else _AHEAD
    if entry.booked_on > today + ahead:
        sentence = "{day} is far ahead of today: nothing can be booked on it yet"
    elif entry.booked_on < today - _BEFORE:
        sentence = "{day} is more than ten years ago"
    else:
        return None
    found = fatal("PAYMENT-DATE", sentence, entry.place, day=entry.booked_on.isoformat())
    return msgspec.structs.replace(found, number=entry.entry_id)
