"""What must always hold (design.md §7), as questions that must find no row. `facteur check` asks them all."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from store.account import CustomerAccount
from store.account_question import AccountQuestion
from store.bill import PRESENTABLE, BillRow
from store.blobs import BlobMissing
from store.chunk import Chunk
from store.conflict import Conflict
from store.consumer import Enrolment
from store.delivery import OPEN_STATES, Attempt, Delivery
from store.enclosure import Enclosure
from store.feed import OUT, Feed
from store.item import Item
from store.outcome import halves, outcome_tallies, total
from store.print_batch import PrintBatch, late_batches, unacknowledged_batches
from store.seal import SealBroken
from store.segment import PDFChanged
from store.store import Store

_PAGE: Final = 500


def _items_without_outcome() -> Select[*tuple[Any, ...]]:
    """Every item of a released feed has one outcome (the row itself is unique by feed and place)."""
    return (
        select(Item.feed_id, Item.seq).join(Feed, Feed.id == Item.feed_id).where(Feed.state.in_(OUT))
        .where(Item.outcome.is_(None))
    )  # fmt: skip


def _items_missing() -> Select[*tuple[Any, ...]]:
    """A released feed has as many items as were read."""
    counted = select(func.count()).where(Item.feed_id == Feed.id).scalar_subquery()
    return select(Feed.id, Feed.entries).where(Feed.state.in_(OUT), Feed.entries != counted)


def _amounts_lost() -> Select[*tuple[Any, ...]]:
    """What a feed's items of outcome `bill` amount to is what its bills amount to, to the cent."""
    pairs = zip(halves(Item.payable), halves(BillRow.payable), strict=True)
    differ = [
        select(func.coalesce(item, 0)).where(Item.feed_id == Feed.id, Item.outcome == "bill").scalar_subquery()
        != select(func.coalesce(bill, 0)).where(BillRow.feed_id == Feed.id).scalar_subquery()
        for item, bill in pairs
    ]
    return select(Feed.id).where(Feed.state.in_(OUT), or_(*differ))


def _bills_without_birth() -> Select[*tuple[Any, ...]]:
    """A bill of a released feed has exactly one item that it was born from."""
    births = (
        select(func.count()).where(Item.bill_id == BillRow.id, Item.outcome == "bill", Item.feed_id == BillRow.feed_id)
        .scalar_subquery()
    )  # fmt: skip
    return (
        select(BillRow.id, BillRow.number).join(Feed, Feed.id == BillRow.feed_id)
        .where(Feed.state.in_(OUT), births != 1)
    )  # fmt: skip


def _bills_of_nothing() -> Select[*tuple[Any, ...]]:
    """A feed that was rejected, or is still being received, owns no bill."""
    return (
        select(BillRow.id, BillRow.number).join(Feed, Feed.id == BillRow.feed_id)
        .where(Feed.state.in_(["received", "rejected"]))
    )  # fmt: skip


def _enclosures_unsealed() -> Select[*tuple[Any, ...]]:
    """What came with a bill is sealed with its account's key once the bill has its PDF."""
    return (
        select(Enclosure.feed_id, Enclosure.seq, Enclosure.n)
        .join(BillRow, (BillRow.feed_id == Enclosure.feed_id) & (BillRow.item_seq == Enclosure.seq))
        .where(BillRow.state.in_(PRESENTABLE), Enclosure.is_sealed.is_(False))
    )


def _conflicts_adrift() -> Select[*tuple[Any, ...]]:
    """An item in conflict, of a feed that is out, waits for a ruling, and holds what it is about."""
    waits = exists().where(Conflict.feed_id == Item.feed_id, Conflict.seq == Item.seq, Conflict.state == "open")
    return (
        select(Item.feed_id, Item.seq).join(Feed, Feed.id == Item.feed_id).where(Feed.state.in_(OUT))
        .where(Item.outcome == "conflict", ~waits | Item.content.is_(None))
    )  # fmt: skip


def _conflicts_of_nothing() -> Select[*tuple[Any, ...]]:
    """A conflict that waits is about an item that has no other outcome, and a bill that stands."""
    item = exists().where(Item.feed_id == Conflict.feed_id, Item.seq == Conflict.seq, Item.outcome == "conflict")
    first = exists().where(BillRow.id == Conflict.first_id, BillRow.state != "superseded")
    return select(Conflict.id).where(Conflict.state == "open", ~item | ~first)


def _superseded_by_nothing() -> Select[*tuple[Any, ...]]:
    """A bill was superseded by one that has its number."""
    other = BillRow.__table__.alias("other")
    stands = exists().where(
        other.c.issuer_id == BillRow.issuer_id, other.c.number == BillRow.number, other.c.id != BillRow.id,
        other.c.state != "superseded",
    )  # fmt: skip
    return select(BillRow.id, BillRow.number).where(BillRow.state == "superseded", ~stands)


def _superseded_sent() -> Select[*tuple[Any, ...]]:
    """Of a bill that was superseded nothing has gone out, and nothing will."""
    return (
        select(BillRow.id, Delivery.id).join(Delivery, Delivery.bill_id == BillRow.id)
        .where(BillRow.state == "superseded", Delivery.state != "cancelled")
    )  # fmt: skip


def _silent_bills() -> Select[*tuple[Any, ...]]:
    """A chosen bill owes, or owed, at least one delivery."""
    owed = exists().where(Delivery.bill_id == BillRow.id)
    return select(BillRow.id, BillRow.number).where(BillRow.state == "chosen", ~owed)


def _deliveries_of_others() -> Select[*tuple[Any, ...]]:
    """A delivery has its turn among those of its own bill's issuer."""
    return (
        select(Delivery.id).join(BillRow, BillRow.id == Delivery.bill_id)
        .where(BillRow.issuer_id != Delivery.issuer_id)
    )  # fmt: skip


def _forgotten_bills() -> Select[*tuple[Any, ...]]:
    """A chosen bill that nobody has seen and no letter took still owes something, or a delivery says why not, or a
    named person answers for it."""
    reached = exists().where(
        Delivery.bill_id == BillRow.id,
        Delivery.state.in_([*OPEN_STATES, "failed", "sent", "delivered"]) | (Delivery.decided_by != ""),
    )
    return select(BillRow.id, BillRow.number).where(BillRow.state == "chosen", BillRow.viewed_at.is_(None), ~reached)


def _unworked_bills() -> Select[*tuple[Any, ...]]:
    """A released bill waits in a chunk that is not done, or it has failed and a person is told."""
    waits = exists().where(
        Chunk.feed_id == BillRow.feed_id, BillRow.item_seq.between(Chunk.first_seq, Chunk.last_seq),
        Chunk.state != "done",
    )  # fmt: skip
    return (
        select(BillRow.id, BillRow.number).join(Feed, Feed.id == BillRow.feed_id)
        .where(Feed.state.in_(OUT), BillRow.state.in_(["released", "rendered"]), ~waits)
    )  # fmt: skip


def _letters_twice() -> Select[*tuple[Any, ...]]:
    """A bill is printed once for its addressee."""
    return (
        select(Delivery.bill_id).where(Delivery.channel == "paper", Delivery.batch_id.is_not(None))
        .group_by(Delivery.bill_id, Delivery.person_id, Delivery.purpose).having(func.count() > 1)
    )  # fmt: skip


def _batches_miscounted() -> Select[*tuple[Any, ...]]:
    """A batch that was closed holds as many letters as it says."""
    letters = select(func.count()).where(Delivery.batch_id == PrintBatch.id).scalar_subquery()
    return select(PrintBatch.id).where(PrintBatch.state != "open", PrintBatch.letters != letters)


def _sent_without_attempt() -> Select[*tuple[Any, ...]]:
    """A mail that was sent has an attempt that says so."""
    tried = exists().where(Attempt.delivery_id == Delivery.id, Attempt.outcome == "sent")
    return select(Delivery.id).where(Delivery.channel == "email", Delivery.state.in_(["sent", "delivered"]), ~tried)


def _failed_without_successor() -> Select[*tuple[Any, ...]]:
    """A delivery that failed by mail was replaced by another, or the bill reached its person some other way."""
    other = Delivery.__table__.alias("other")
    replaced = exists().where(
        other.c.bill_id == Delivery.bill_id, other.c.id != Delivery.id,
        other.c.state.in_([*OPEN_STATES, "sent", "delivered", "failed"]), other.c.channel.in_(["paper", "portal"]),
    )  # fmt: skip
    return select(Delivery.id).where(Delivery.channel == "email", Delivery.state == "failed", ~replaced)


def _questions_of_nothing() -> Select[*tuple[Any, ...]]:
    """A question that waits is about an account that waits for it."""
    waits = exists().where(
        CustomerAccount.id == AccountQuestion.other_id, CustomerAccount.standing.in_(["provisional", "split"])
    )
    return select(AccountQuestion.id).where(AccountQuestion.state == "open", ~waits)


def _provisional_unasked() -> Select[*tuple[Any, ...]]:
    """A person is asked about every provisional account."""
    asked = exists().where(AccountQuestion.other_id == CustomerAccount.id, AccountQuestion.state == "open")
    waiting = CustomerAccount.standing.in_(["provisional", "split"])
    return select(CustomerAccount.id, CustomerAccount.value).where(waiting, ~asked)


def _provisional_off_paper() -> Select[*tuple[Any, ...]]:
    """While a question waits, the bills of its account are on paper."""
    letter = exists().where(Delivery.bill_id == BillRow.id, Delivery.channel == "paper")
    return (
        select(CustomerAccount.id, BillRow.number).outerjoin(BillRow, BillRow.account_id == CustomerAccount.id)
        .where(CustomerAccount.standing == "provisional")
        .where(CustomerAccount.paperless | ((BillRow.state == "chosen") & ~letter))
    )  # fmt: skip


def _bills_left_behind() -> Select[*tuple[Any, ...]]:
    """An account that was joined to another has no bills, and nobody holds it."""
    bills = exists().where(BillRow.account_id == CustomerAccount.id)
    holders = exists().where(Enrolment.account_id == CustomerAccount.id, Enrolment.ended_at.is_(None))
    return select(CustomerAccount.id).where(CustomerAccount.standing == "joined", bills | holders)


QUESTIONS: Final[dict[str, Callable[[], Select[*tuple[Any, ...]]]]] = {
    "items_without_outcome": _items_without_outcome,
    "items_missing": _items_missing,
    "amounts_lost": _amounts_lost,
    "bills_without_birth": _bills_without_birth,
    "bills_of_nothing": _bills_of_nothing,
    "enclosures_unsealed": _enclosures_unsealed,
    "conflicts_adrift": _conflicts_adrift,
    "conflicts_of_nothing": _conflicts_of_nothing,
    "superseded_by_nothing": _superseded_by_nothing,
    "superseded_sent": _superseded_sent,
    "silent_bills": _silent_bills,
    "deliveries_of_others": _deliveries_of_others,
    "forgotten_bills": _forgotten_bills,
    "unworked_bills": _unworked_bills,
    "letters_twice": _letters_twice,
    "batches_miscounted": _batches_miscounted,
    "sent_without_attempt": _sent_without_attempt,
    "failed_without_successor": _failed_without_successor,
    "account_questions_of_nothing": _questions_of_nothing,
    "provisional_accounts_unasked": _provisional_unasked,
    "provisional_accounts_off_paper": _provisional_off_paper,
    "bills_of_joined_accounts": _bills_left_behind,
}


def check(
    store: Store, tell: Callable[[int], None] = lambda _: None, now: datetime | None = None
) -> dict[str, list[tuple[Any, ...]]]:
    """Each invariant's name, and the rows that break it (empty: it holds). *tell* hears how many PDFs were read. With
    *now*, what must have happened by then is asked, too."""
    with store.reading() as session:
        broken = {name: [tuple(row) for row in session.execute(ask())] for name, ask in QUESTIONS.items()}
        if now is not None:
            broken["batches_late"] = [(each.id, each.cut_off_at) for each in late_batches(session, now)]
            unheard = unacknowledged_batches(session, now)
            broken["letters_unacknowledged"] = [(each.id, each.name, each.letters) for each in unheard]
        broken["items_unaccounted"] = _unaccounted(session)
        broken["pdfs_changed"] = _changed_pdfs(store, session, tell)
        broken["attachments_lost"] = _lost_attachments(store, session)
    return broken


def _unaccounted(session: Session) -> list[tuple[Any, ...]]:
    """What the reader counted of a released feed is what its items' rows amount to: in number, and to the cent."""
    query = select(Feed).where(Feed.state.in_(OUT)).order_by(Feed.id).execution_options(yield_per=_PAGE)
    broken: list[tuple[Any, ...]] = []
    for feed in session.scalars(query):
        read, kept = feed.figures, total(outcome_tallies(session, feed.id).values())
        if feed.counted and (read.items, read.sums) != (kept.items, kept.sums):
            broken.append((feed.id, read.items, kept.items))
    return broken


def _changed_pdfs(store: Store, session: Session, tell: Callable[[int], None]) -> list[tuple[Any, ...]]:
    """Each bill's PDF is there and is, bit for bit, the one that was archived."""
    archive = store.archive(session)
    broken: list[tuple[Any, ...]] = []
    after = 0
    while True:
        query = select(BillRow).where(BillRow.id > after, BillRow.state.in_(PRESENTABLE)).order_by(BillRow.id)
        rows = session.scalars(query.limit(_PAGE)).all()
        if not rows:
            return broken
        for row in rows:
            try:
                archive.parts(row)
            except (PDFChanged, SealBroken, BlobMissing) as error:
                broken.append((row.id, row.number, str(error)))
        after = rows[-1].id
        session.expunge_all()
        tell(len(rows))


def _lost_attachments(store: Store, session: Session) -> list[tuple[Any, ...]]:
    """What is attached to a bill that people see is there, and is what was attached."""
    archive = store.archive(session)
    query = (
        select(BillRow, Enclosure.n)
        .join(Enclosure, (BillRow.feed_id == Enclosure.feed_id) & (BillRow.item_seq == Enclosure.seq))
        .where(BillRow.state.in_(PRESENTABLE), Enclosure.is_sealed).execution_options(yield_per=_PAGE)
    )  # fmt: skip
    broken: list[tuple[Any, ...]] = []
    for row, n in session.execute(query):
        try:
            archive.attachment(row, n)
        except (SealBroken, BlobMissing) as error:
            broken.append((row.id, row.number, n, str(error)))
    return broken
