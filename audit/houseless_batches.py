"""Find print batches whose print house is no longer configured: nobody closes, hands over or hears of them."""

from collections.abc import Collection

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from store.delivery import Delivery
from store.print_batch import PrintBatch, is_of_print_house


def houseless_batches(slugs: Collection[str]) -> Select[PrintBatch]:
    """Batches with letters of other houses than these, from open to handed over: their configuration has vanished."""
    has_letters = exists().where(Delivery.batch_id == PrintBatch.id)
    return (
        select(PrintBatch)
        .where(PrintBatch.state.in_(["open", "closed", "handed_over"]), PrintBatch.house.not_in(list(slugs)))
        .where(or_(PrintBatch.state != "open", has_letters), is_of_print_house())
        .order_by(PrintBatch.id)
    )


def read_houseless_batches(session: Session, slugs: Collection[str]) -> list[PrintBatch]:
    """The batches of houses other than these."""
    return list(session.scalars(houseless_batches(slugs)))
