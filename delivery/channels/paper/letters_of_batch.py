"""The letters of a print batch, page by page: all of them, or those that its reconciliation counts by one of its
figures (`audit.print_reconciliation`)."""

from typing import Any, Final, Literal, NamedTuple, get_args

from sqlalchemy import exists, select, tuple_
from sqlalchemy.orm import Session

from store.bills.bill import BillRow
from store.delivery import Delivery, Receipt

LettersAsked = Literal["all", "handed_over", "printed", "missing", "unheard", "returned"]
LETTERS_ASKED: Final[tuple[LettersAsked, ...]] = get_args(LettersAsked)


class BatchLetter(NamedTuple):
    """A letter of a batch, and the bill that it carries."""

    delivery: Delivery
    bill: BillRow


def letters_of_batch(
    session: Session, batch_id: int, asked: LettersAsked, issuer_id: int | None, limit: int, after: int = 0
) -> list[BatchLetter]:
    """Letters of a batch, of one issuer or (None) of all, issuer by issuer; *after* is the last letter of the page
    before. The index of a batch's letters gives them in this order."""
    mine = [Delivery.batch_id == batch_id, Delivery.channel == "paper", *_CONDITIONS[asked]]
    query = select(Delivery, BillRow).join(BillRow, BillRow.id == Delivery.bill_id).where(*mine)
    if issuer_id is not None:
        query = query.where(Delivery.issuer_id == issuer_id)
    if after and (last := session.get(Delivery, after)) is not None:
        query = query.where(tuple_(Delivery.issuer_id, Delivery.id) > (last.issuer_id, last.id))
    query = query.order_by(Delivery.issuer_id, Delivery.id).limit(limit)
    return [BatchLetter(delivery, bill) for delivery, bill in session.execute(query)]


def _heard(kind: str) -> Any:
    return exists().where(Receipt.delivery_id == Delivery.id, Receipt.kind == kind).correlate(Delivery)


_CONDITIONS: Final[dict[LettersAsked, tuple[Any, ...]]] = {
    "all": (),
    "handed_over": (Delivery.sent_at.is_not(None),),
    "printed": (_heard("printed"),),
    "missing": (Delivery.state == "failed", Delivery.reason_code == "letter_not_printed"),
    "unheard": (Delivery.state == "sent",),
    "returned": (_heard("returned"),),
}
