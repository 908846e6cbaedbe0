"""Find what print houses and we disagree about: disputed batches, and answers about no lot of ours."""

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from store.print_answer import PrintAnswer
from store.print_batch import PrintBatch, batches_in


def disputed_batches() -> Select[int, str, str]:
    """Id, name and house of the batches whose answers disagree with what was announced, or with each other."""
    return (
        select(PrintBatch.id, PrintBatch.name, PrintBatch.house)
        .where(PrintBatch.state == "disputed")
        .order_by(PrintBatch.id)
    )  # fmt: skip


def answers_of_no_lot() -> Select[int, str, str]:
    """Id, house and file of the answers about no lot of ours that nobody has looked into."""
    stray = (PrintAnswer.batch_id.is_(None), PrintAnswer.settled_by == "")
    return select(PrintAnswer.id, PrintAnswer.house, PrintAnswer.file).where(*stray).order_by(PrintAnswer.id)


def read_disputed_batches(session: Session) -> list[PrintBatch]:
    """The disputed batches."""
    return batches_in(session, "disputed")
