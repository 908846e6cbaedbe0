"""The steps of a bill itself: made, archived, its channel chosen, looked at, paid, recalled."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy.orm import Session

from delivery.fate.fate_step import FateStep, fate_reason, moment
from store.bills.bill import BillRow
from store.db.event import events_of

#: What each event of a bill says; one that is not here is told by its name.
_TOLD: Final = {
    "released": "The bill was taken from its feed.",
    "rendered": "Its PDF was made and archived.",
    "chosen": "The channel was chosen.",
    "failed": "It was set apart for a person.",
    "viewed": "Its customer looked at it.",
    "said_paid": "Its customer says that it is paid.",
    "said_unpaid": "Its customer says that less of it is paid than was said before.",
    "payment_told": "A payment of it was told, or what was told of one has changed.",
    "recalled": "Its issuer recalled it before it reached anybody.",
    "superseded": "Another bill has its number: it had reached nobody.",
    "sent again": "Somebody had it sent again.",
}
#: Events that a member of the issuer's or an operator decides; customers are not named to the issuer.
_DECIDED: Final = ("recalled", "superseded", "sent again")
#: Bills are taken up again after they failed: an event of these names with a person's reason.
_AGAIN: Final = ("released", "rendered")


def bill_steps(session: Session, bill: BillRow) -> Iterator[FateStep]:
    """Yield what happened to the bill itself, in the order in which it happened."""
    is_taken = False
    for event in events_of(session, "bill", bill.id):
        is_again = is_taken and event.what in _AGAIN and event.by != "road"
        text = "A person took it up again." if is_again else _TOLD.get(event.what, f"{event.what}.")
        code = "bill.retried" if is_again else f"bill.{event.what.replace(' ', '_')}"
        is_decided = is_again or event.what in _DECIDED
        is_taken = True
        yield FateStep(
            at=moment(event.at), code=code, text=text, reason=fate_reason(event.reason),
            by=event.by if is_decided else None,
        )  # fmt: skip
