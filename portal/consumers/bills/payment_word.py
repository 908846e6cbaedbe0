"""What a holder says of a bill's payment: that all of it, or the next part, is paid; that it is not; and that they did
not mean what they have just said.

What they just said is kept in their session with what stood before, so that one press takes it back. It is taken back
only while it stands: nothing that another holder has said since is lost.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final, NamedTuple

from flask import session as cookie

from bill import ZERO, AmountDue
from portal.consumers.presenters.bill_page.bill_content import parts_left
from portal.presenters.amounts_and_dates import money
from portal.translation import say
from store.bills.bill import BillRow

_UNDO: Final = "payment_word"
_NOTED: Final = "payment_word_noted"


class PaymentWord(NamedTuple):
    """What is said: when, and of how much; *at* None: that it is not paid; *amount* None: all of it."""

    at: datetime | None
    amount: Decimal | None = None


def payment_word(said: str, left: str, row: BillRow, due: AmountDue, now: datetime) -> PaymentWord | None:
    """Returns what a form says (*said*: `1` all, `part` the next part, `0` not paid, `undo`), or None if that changes
    nothing any more. *left* is how many parts its page showed, so that a double click pays one."""
    if said == "undo":
        return _before(row)
    if said == "0":
        return PaymentWord(None) if row.said_paid_at is not None else None
    if not due.is_asking:
        return None
    if said == "part" and left == str(len(parts_left(due))):
        return PaymentWord(now, (row.said_paid or ZERO) + parts_left(due)[0].amount)
    return PaymentWord(now) if said == "1" else None


def remember(row: BillRow, word: PaymentWord, *, is_undone: bool) -> None:
    """Keep what stood before this word, for the line that confirms it; after an undo there is nothing more to undo."""
    cookie[_NOTED] = row.uid
    if is_undone:
        cookie.pop(_UNDO, None)
    else:
        cookie[_UNDO] = [row.uid, *_written(PaymentWord(row.said_paid_at, row.said_paid)), *_written(word)]


def noted(row: BillRow, currency: str) -> str:
    """Returns the line that confirms what was just said, once; "" if nothing was."""
    if cookie.get(_NOTED) != row.uid:
        return ""
    del cookie[_NOTED]
    if row.said_paid_at is None:
        return say("Noté : elle n’est pas encore payée.")
    if row.said_paid:
        return say("Noté : paiement de {amount}.", amount=money(row.said_paid, currency))
    return say("Noté : payée.")


def can_undo(row: BillRow) -> bool:
    """Whether what this reader has just said still stands."""
    return _before(row) is not None


def _before(row: BillRow) -> PaymentWord | None:
    kept: Any = cookie.get(_UNDO) or [None] * 5
    uid, at, amount, *stands = kept
    if uid != row.uid or stands != _written(PaymentWord(row.said_paid_at, row.said_paid)):
        return None
    return PaymentWord(datetime.fromisoformat(at) if at else None, Decimal(amount) if amount else None)


def _written(word: PaymentWord) -> list[str | None]:
    return [word.at.isoformat() if word.at else None, None if word.amount is None else f"{word.amount.normalize():f}"]
