"""Send one bill again, on a named person's decision: an e-mail to its holders, or a letter by post.

The bill is not issued twice: the e-mail says that it is the same, and the letter is marked as a duplicate. A letter
that only waits for somebody to look is the original, and leaves now. Whoever presses twice sends once: within APART of
the last time nothing more is sent by that channel, and no bill goes again more than MOST times by one channel.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bill import Reason
from delivery.sent_again.obstacles_again import email_readers, letter_obstacle
from feeds.conflicts.decide_conflict import Decision
from store import Store
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.db.event import record
from store.db.row_locks import ROW_LOCK, lock_rows
from store.db.state_change import change_state
from store.delivery import AGAIN, OPEN_STATES, THE_ADDRESSEE, Delivery, create_deliveries, number_of_again
from store.feeds.feed import OUT, Feed

#: How a bill is sent again.
Way = Literal["email", "letter"]
#: `done`; `known`: it was sent so within APART; `refused`: it cannot be sent so, and `why` says the reason.
SentAgainResult = Literal["done", "known", "refused"]
#: Within this of the last time it is the same request.
APART: Final = timedelta(days=1)
#: A bill goes again so often by one channel.
MOST: Final = 5
#: The reason of what is sent again.
SENT_AGAIN: Final = "sent_again"
_CHANNELS: Final[dict[Way, str]] = {"email": "email", "letter": "paper"}
_GOES: Final = (*OPEN_STATES, "sent", "delivered")


class SentAgain(NamedTuple):
    """What came of it: why it was refused, or when it was asked for before."""

    result: SentAgainResult
    why: Reason = Reason()
    at: datetime | None = None


def send_again(store: Store, bill_id: int, way: Way, decision: Decision) -> SentAgain:
    """Send this bill again for a named person, with the reason. Sends the wake-up signal when there is work."""
    with store.writing() as session:
        answer = _send_again(session, bill_id, way, decision)
    if answer.result == "done":
        store.wake_up.send()
    return answer


def _send_again(session: Session, bill_id: int, way: Way, decision: Decision) -> SentAgain:
    bill = _locked(session, bill_id)
    if bill.state != "chosen" or session.get_one(Feed, bill.feed_id).state not in OUT:
        return SentAgain("refused", Reason("again_not_sent"))
    made = _deliveries(session, bill, _CHANNELS[way])
    before = [each for each in made if each.reason_code == SENT_AGAIN and each.state in _GOES]
    if (last := max((each.due_at for each in before), default=None)) and last > decision.at - APART:
        return SentAgain("known", at=last)
    count = max((number_of_again(each.purpose) for each in made), default=0)
    if count >= MOST:
        return SentAgain("refused", Reason("again_enough"))
    send = _by_email if way == "email" else _by_letter
    obstacle = send(session, bill, made, f"{AGAIN}-{count + 1}", decision)
    if obstacle is not None:
        return SentAgain("refused", obstacle)
    record(session, "bill", bill.id, "sent again", decision.at, by=decision.by, why=decision.why)
    return SentAgain("done", at=decision.at)


def _by_email(
    session: Session, bill: BillRow, _made: Sequence[Delivery], purpose: str, decision: Decision
) -> Reason | None:  # fmt: skip
    """Plan an e-mail to each holder whom one reaches; returns why there is none."""
    readers, obstacle = email_readers(session, bill)
    create_deliveries(session, [
        _row(bill, purpose, decision) | {"person_id": reader, "channel": "email"} for reader in readers
    ])  # fmt: skip
    return obstacle


def _by_letter(
    session: Session, bill: BillRow, made: Sequence[Delivery], purpose: str, decision: Decision
) -> Reason | None:  # fmt: skip
    """Plan the letter; returns why there is none."""
    if (obstacle := letter_obstacle(session, bill, made)) is not None:
        return obstacle
    why = _why(decision)
    for letter in made:
        if change_state(
            session, Delivery, letter.id, "waiting", "ready", decision.at, by=decision.by, why=why, reason=why,
            due_at=decision.at,
        ):  # fmt: skip
            return None
    create_deliveries(session, [_row(bill, purpose, decision) | {"person_id": THE_ADDRESSEE, "channel": "paper"}])
    return None


def _row(bill: BillRow, purpose: str, decision: Decision) -> dict[str, object]:
    return {
        "bill_id": bill.id, "issuer_id": bill.issuer_id, "purpose": purpose, "state": "ready",
        "reason": _why(decision), "due_at": decision.at, "made_at": decision.at,
    }  # fmt: skip


def _why(decision: Decision) -> Reason:
    return Reason.of("sent_again", words=decision.reason if isinstance(decision.reason, str) else "")


def _locked(session: Session, bill_id: int) -> BillRow:
    """The bill, locked with its account, so that nobody moves or leaves meanwhile, and its deliveries."""
    account_id = session.get_one(BillRow, bill_id).account_id
    lock_rows(session, CustomerAccount, CustomerAccount.id == account_id)
    bill = session.get_one(BillRow, bill_id, populate_existing=True, with_for_update=ROW_LOCK)
    lock_rows(session, Delivery, Delivery.bill_id == bill_id)
    return bill


def _deliveries(session: Session, bill: BillRow, channel: str) -> Sequence[Delivery]:
    """The bill's deliveries by this channel, as they are now."""
    mine = (Delivery.bill_id == bill.id, Delivery.channel == channel)
    query = select(Delivery).where(*mine).order_by(Delivery.id).execution_options(populate_existing=True)
    return session.scalars(query).all()
