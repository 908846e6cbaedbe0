"""The fate of a bill: what happened to it, from its feed to the letter box, and what is expected next."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Final

import msgspec
from sqlalchemy.orm import Session

from bill.json_values import says
from delivery.fate.bill_steps import bill_steps
from delivery.fate.delivery_steps import delivery_steps
from delivery.fate.fate_step import FateStep, fate_reason, moment
from delivery.fate.feed_steps import feed_steps
from store.bills.bill import BillRow
from store.delivery import OPEN_STATES, Delivery, deliveries_of
from store.print_batch import PrintBatch

#: What comes next of a bill that is under way in the pipeline, or ends.
_EXPECTED: Final = {
    "released": ("bill.rendered", "Its PDF is made next."),
    "rendered": ("bill.chosen", "Its channel is chosen next."),
    "failed": ("bill.retried", "A person takes it up again, once what was wrong with it is mended."),
}
_OPEN: Final = {
    "portal": ("space.presented", "It is shown in its customer’s space."),
    "email": ("email.sent", "An e-mail is sent."),
    "sms": ("sms.sent", "An SMS is sent."),
    "push": ("push.sent", "A notification is sent."),
}


class BillFate(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to a bill, oldest first, and what is expected next."""

    steps: Annotated[list[FateStep], says("What happened, oldest first.")]
    expected: Annotated[
        FateStep | None, says("What is expected next, unless something else happens before; null: nothing.")
    ]


def fate_of(session: Session, bill: BillRow) -> BillFate:
    """The fate of a released bill, for its issuer: customers' addresses are not told."""
    deliveries = deliveries_of(session, bill.id)
    steps = [*feed_steps(session, bill), *bill_steps(session, bill), *delivery_steps(session, deliveries)]
    return BillFate(steps=sorted(steps, key=_when), expected=_expected(session, bill, deliveries))


def _when(step: FateStep) -> str:
    return step.at or ""


def _expected(session: Session, bill: BillRow, deliveries: Sequence[Delivery]) -> FateStep | None:
    if bill.state in _EXPECTED:
        code, text = _EXPECTED[bill.state]
        return FateStep(at=None, code=code, text=text)
    if bill.state != "chosen":
        return None
    replaced = {each.replaces_id for each in deliveries}
    held = [each for each in deliveries if each.channel == "paper" and each.state == "failed"]
    coming = [_open_step(session, each) for each in deliveries if each.state in OPEN_STATES]
    if coming:
        return min(coming, key=lambda step: step.at or "")
    for letter in held:
        if letter.id not in replaced:
            text = "The letter is held: a person mends what is wrong with it."
            return FateStep(at=None, code="letter.held", text=text, channel="paper", reason=fate_reason(letter.reason))
    return None


def _open_step(session: Session, delivery: Delivery) -> FateStep:
    """What is expected of a delivery that is not done yet."""
    if delivery.channel != "paper":
        code, text = _OPEN[delivery.channel]
        return _step(delivery, code, text, delivery.due_at)
    batch = None if delivery.batch_id is None else session.get(PrintBatch, delivery.batch_id)
    if batch is not None:
        return _step(delivery, "letter.posted", "The letter goes with its print batch.", batch.cut_off_at)
    if delivery.state == "waiting":
        return _step(delivery, "letter.posted", "A letter goes, unless its customer looks at it.", delivery.due_at)
    return _step(delivery, "letter.posted", "A letter goes with the next print batch.", delivery.due_at)


def _step(delivery: Delivery, code: str, text: str, at: datetime) -> FateStep:
    return FateStep(
        at=moment(at), code=code, text=text, channel=delivery.channel, reason=fate_reason(delivery.reason)
    )  # fmt: skip
