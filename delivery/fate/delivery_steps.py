"""The steps of a bill's deliveries: planned, tried, sent or posted, and what came back of them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from delivery.fate.fate_step import FateReason, FateStep, fate_reason, moment, without_addresses
from store.delivery import Attempt, Delivery, Receipt, attempts_by_delivery, receipts_by_delivery
from store.print_batch import PrintBatch

#: What each channel sends.
_SENT: Final = {"portal": "space", "email": "email", "sms": "sms", "push": "push", "paper": "letter"}
_NAMES: Final = {
    "portal": "The bill in its customer’s space", "email": "An e-mail", "sms": "An SMS", "push": "A notification",
    "paper": "A letter",
}  # fmt: skip
_OUTCOMES: Final = {
    "sent": "was taken by its relay", "refused": "was refused", "later": "was not taken yet, and is tried again",
    "in_doubt": "may have left: no answer came", None: "is being sent",
}  # fmt: skip
_RECEIPTS: Final = {
    "viewed": "was looked at", "bounced": "came back: the address takes no mail", "printed": "was printed",
    "returned": "came back by post", "complained": "was called unwanted", "undelivered": "could not be handed over",
    "delayed": "is delayed", "delivered": "was handed over", "auto_reply": "was answered by a machine",
}  # fmt: skip
#: The kinds of a delivery's purpose.
_PURPOSES: Final = {"notify": "notice", "remind": "reminder", "due": "reminder of an instalment", "again": "sent again"}


def delivery_steps(session: Session, deliveries: Sequence[Delivery]) -> Iterator[FateStep]:
    """Yield what happened to each delivery, delivery by delivery."""
    ids = [each.id for each in deliveries]
    attempts, receipts = attempts_by_delivery(session, ids), receipts_by_delivery(session, ids)
    for delivery in deliveries:
        yield _step(delivery, "planned", _plan(delivery), delivery.made_at, fate_reason(delivery.reason))
        if delivery.channel == "paper":
            yield from _letter_steps(session, delivery)
        elif delivery.channel != "portal":
            for attempt in attempts[delivery.id]:
                yield _attempted(delivery, attempt)
        for receipt in receipts[delivery.id]:
            yield _received(delivery, receipt)


def _plan(delivery: Delivery) -> str:
    kind = _PURPOSES.get(delivery.purpose.partition("-")[0])
    return f"{_NAMES[delivery.channel]}{f' ({kind})' if kind else ''} was planned."


def _letter_steps(session: Session, letter: Delivery) -> Iterator[FateStep]:
    """Yield what happened to a letter in its print batch."""
    batch = None if letter.batch_id is None else session.get(PrintBatch, letter.batch_id)
    if batch is None or batch.closed_at is None:
        return
    yield _step(letter, "batched", "The letter is in a print batch that is closed.", batch.closed_at)
    if letter.sent_at is not None:
        place = f", mail piece {letter.mail_piece}" if letter.mail_piece is not None else ""
        text = f"The letter was handed over to the print house ({batch.name}{place})."
        yield _step(letter, "posted", text, letter.sent_at)
    if batch.acknowledged_at is not None:
        text = "The print house acknowledged the batch."
        yield _step(letter, "acknowledged", text, batch.acknowledged_at, fate_reason(batch.answer))


def _attempted(delivery: Delivery, attempt: Attempt) -> FateStep:
    text = f"{_NAMES[delivery.channel]} {_OUTCOMES.get(attempt.outcome, attempt.outcome or '')}."
    reason = fate_reason(attempt.reason)
    if reason is None and attempt.outcome not in {None, "sent"} and attempt.answer:
        reason = FateReason(code="answer", text=without_addresses(attempt.answer))
    return _step(delivery, attempt.outcome or "attempting", text, attempt.ended_at or attempt.started_at, reason)


def _received(delivery: Delivery, receipt: Receipt) -> FateStep:
    text = f"{_NAMES[delivery.channel]} {_RECEIPTS.get(receipt.kind, receipt.kind)}."
    return _step(delivery, receipt.kind, text, receipt.at)


def _step(
    delivery: Delivery, what: str, text: str, at: datetime, reason: FateReason | None = None
) -> FateStep:  # fmt: skip
    return FateStep(
        at=moment(at), code=f"{_SENT[delivery.channel]}.{what}", text=text, channel=delivery.channel, reason=reason
    )
