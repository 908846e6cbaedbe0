"""Feed items, staged while a feed is read, each with one outcome at the end; and their findings."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from typing import Final

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from bill import Finding, Value, fill_in
from store.base import Base, Blanks
from store.db.bulk_insert import insert_rows
from store.feeds.conflict import Conflict
from store.vault.attachment_staging import clear_attachments

#: The most warnings of one rule that are stored of a feed; the rest are only counted.
MOST_KEPT: Final = 10_000

#: The outcomes of an item of a feed of bills, and of an entry of any other feed.
OUTCOMES: Final = ("bill", "duplicate", "conflict", "rejected", "waiting_parent")
ENTRY_OUTCOMES: Final = ("taken", "known", "rejected")
#: Of an entry of a customer file: an account that was not known; something else is known of it now; nothing new; what
#: is known is newer.
CUSTOMER_OUTCOMES: Final = ("created", "changed", "unchanged", "older", "rejected")
#: Those of items of any content.
ALL_OUTCOMES: Final = (*OUTCOMES, "taken", "known", "created", "changed", "unchanged", "older")


class Item(Base):
    """One entry of a feed. It claims its bill number only after the feed was read to its end. *content* (the packed
    bill) is staged here and moves to the bill; a conflict's stays here until a person decides. An entry of a feed that
    holds payments has the outcome `taken`, or `known` if we were told before; one of a customer file has one of
    `CUSTOMER_OUTCOMES`."""

    __tablename__ = "item"
    __table_args__ = (
        CheckConstraint(f"outcome IS NULL OR outcome IN {ALL_OUTCOMES}", name="outcome"),
        CheckConstraint("outcome IS NULL OR (outcome IN ('bill', 'duplicate')) = (bill_id IS NOT NULL)", name="bill"),
        Index("ix_item_bill_id", "bill_id"),
        Index("ix_item_feed_id_number", "feed_id", "number"),
    )

    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str | None] = mapped_column(String(200))
    place: Mapped[str] = mapped_column(String(300), default="")
    body_sha256: Mapped[str] = mapped_column(String(64))
    content_sha256: Mapped[str | None] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    currency: Mapped[str | None] = mapped_column(String(3))
    payable: Mapped[Decimal | None]
    outcome: Mapped[str | None] = mapped_column(String(15))
    bill_id: Mapped[int | None] = mapped_column(ForeignKey("bill.id"))


class FindingRow(Base):
    """A stored finding: of one item, or (*seq* None) of the whole feed. Message and values are separate columns, so
    that each reader gets their own language."""

    __tablename__ = "finding"
    __table_args__ = (
        Index("ix_finding_feed_id_seq", "feed_id", "seq"),
        Index("ix_finding_feed_id_rule", "feed_id", "rule"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id"))
    seq: Mapped[int | None]
    number: Mapped[str | None] = mapped_column(String(200))
    severity: Mapped[str] = mapped_column(String(10))
    rule: Mapped[str] = mapped_column(String(60))
    place: Mapped[str] = mapped_column(String(300), default="")
    sentence: Mapped[str] = mapped_column(Text)
    values: Mapped[dict[str, Value]] = mapped_column(Blanks, default=None, nullable=True)

    @property
    def message(self) -> str:
        """The message in English with its values."""
        return fill_in(self.sentence, self.values)


class FindingTally(Base):
    """How often a rule was broken in a feed: exact, however few of its findings are stored."""

    __tablename__ = "finding_tally"

    feed_id: Mapped[int] = mapped_column(ForeignKey("feed.id"), primary_key=True)
    rule: Mapped[str] = mapped_column(String(60), primary_key=True)
    severity: Mapped[str] = mapped_column(String(10), primary_key=True)
    count: Mapped[int]


def outcomes_of(content: str) -> tuple[str, ...]:
    """The outcomes that an item of a feed of this content may have."""
    if content == "bills":
        return OUTCOMES
    return CUSTOMER_OUTCOMES if content == "customers" else ENTRY_OUTCOMES


PlacedFinding = tuple[int | None, str | None, Finding]  # position (None: the whole feed), bill number, finding


def finding_row(feed_id: int, seq: int | None, number: str | None, finding: Finding) -> dict[str, object]:
    """A finding as column values for FindingRow, long texts cut."""
    of = finding.number or number
    return {
        "feed_id": feed_id, "seq": seq, "number": None if of is None else of[:200], "severity": finding.severity,
        "rule": finding.rule[:60], "place": finding.place[:300], "sentence": finding.sentence,
        "values": finding.values,
    }  # fmt: skip


def keep_findings(session: Session, feed_id: int, said: Iterable[PlacedFinding]) -> None:
    """Store the findings of a feed's items, and count them by rule.

    All fatal findings are stored. Of a rule's warnings the first `MOST_KEPT` of the feed are stored, the rest only
    counted: a million bills may all have the same fault.
    """
    said = list(said)
    if not said:
        return
    there = {(tally.rule, tally.severity): tally.count for tally in tallies_of(session, feed_id)}
    counts = Counter(there)
    rows = []
    for seq, number, finding in said:
        row = finding_row(feed_id, seq, number, finding)
        key = (str(row["rule"]), finding.severity)
        counts[key] += 1
        if finding.severity == "fatal" or counts[key] <= MOST_KEPT:
            rows.append(row)
    insert_rows(session, FindingRow, rows)
    _keep_tallies(session, feed_id, counts, there)


def _keep_tallies(
    session: Session, feed_id: int, counts: Counter[tuple[str, str]], there: dict[tuple[str, str], int]
) -> None:
    values = [
        {"feed_id": feed_id, "rule": rule, "severity": severity, "count": count}
        for (rule, severity), count in counts.items()
        if there.get((rule, severity)) != count
    ]
    grown = [value for value in values if (value["rule"], value["severity"]) in there]
    if grown:
        session.execute(update(FindingTally), grown)
    if fresh := [value for value in values if value not in grown]:
        session.execute(insert(FindingTally), fresh)


def tallies_of(session: Session, feed_id: int) -> list[FindingTally]:
    """How often each rule was broken in a feed: fatal ones first, then by frequency."""
    query = select(FindingTally).where(FindingTally.feed_id == feed_id).execution_options(populate_existing=True)
    return sorted(session.scalars(query), key=lambda tally: (tally.severity, -tally.count, tally.rule))


def tallies_of_feeds(session: Session, feed_ids: Iterable[int], prefix: str = "") -> dict[tuple[str, int], int]:
    """How often each rule whose id begins with *prefix* was broken in each of these feeds, by (rule, feed id)."""
    query = (
        select(FindingTally.rule, FindingTally.feed_id, func.sum(FindingTally.count))
        .where(FindingTally.feed_id.in_(list(feed_ids)), FindingTally.rule.startswith(prefix, autoescape=True))
        .group_by(FindingTally.rule, FindingTally.feed_id)
    )
    return {(rule, feed_id): int(count) for rule, feed_id, count in session.execute(query)}


def examples(session: Session, feed_id: int, rule: str, limit: int = 5) -> list[FindingRow]:
    """The first findings of a rule in a feed."""
    query = select(FindingRow).where(FindingRow.feed_id == feed_id, FindingRow.rule == rule)
    return list(session.scalars(query.order_by(FindingRow.id).limit(limit)))


def findings_of(session: Session, feed_id: int) -> list[FindingRow]:
    """The stored findings of a feed: those of the feed itself first, then by item."""
    query = select(FindingRow).where(FindingRow.feed_id == feed_id)
    return list(session.scalars(query.order_by(func.coalesce(FindingRow.seq, 0), FindingRow.id)))


def findings_of_item(session: Session, feed_id: int, seq: int) -> list[FindingRow]:
    """The stored findings of one item, those of the greatest weight first."""
    mine = select(FindingRow).where(FindingRow.feed_id == feed_id, FindingRow.seq == seq)
    return list(session.scalars(mine.order_by(FindingRow.severity, FindingRow.id)))


def findings_after(session: Session, feed_id: int, after: int, limit: int, rule: str | None = None) -> list[FindingRow]:
    """Stored findings of a feed by keyset (*after* is the last id of the page before), of one *rule* where given."""
    query = select(FindingRow).where(FindingRow.feed_id == feed_id, FindingRow.id > after)
    if rule is not None:
        query = query.where(FindingRow.rule == rule)
    return list(session.scalars(query.order_by(FindingRow.id).limit(limit)))


def places_at(session: Session, feed_id: int, seqs: Collection[int]) -> dict[int, str]:
    """Where these items of a feed stand in its file, by their positions."""
    query = select(Item.seq, Item.place).where(Item.feed_id == feed_id, Item.seq.in_(seqs))
    return dict(session.execute(query).tuples().all()) if seqs else {}


def clear_stage(session: Session, feed_id: int) -> None:
    """Delete the items and findings that an unfinished or rejected reading staged; none was delivered."""
    clear_attachments(session, feed_id)
    session.execute(delete(FindingRow).where(FindingRow.feed_id == feed_id))
    session.execute(delete(FindingTally).where(FindingTally.feed_id == feed_id))
    session.execute(delete(Conflict).where(Conflict.feed_id == feed_id))
    session.execute(delete(Item).where(Item.feed_id == feed_id))


def refuse_stage(session: Session, feed_id: int) -> None:
    """Refuse all items of a feed that a person rejected, and delete their content."""
    clear_attachments(session, feed_id)
    session.execute(
        update(Item).where(Item.feed_id == feed_id, Item.outcome.is_(None)).values(outcome="rejected", content=None)
    )


def items_between(session: Session, feed_id: int, first: int, last: int) -> Sequence[Item]:
    """The items of a feed from position *first* to *last*, both included."""
    query = select(Item).where(Item.feed_id == feed_id, Item.seq.between(first, last)).order_by(Item.seq)
    return session.scalars(query).all()


def items_under_number(session: Session, feed_ids: Collection[int], number: str, limit: int = 50) -> list[Item]:
    """The items of these feeds that bear this bill number, whatever became of them, by feed and place in it."""
    query = select(Item).where(Item.feed_id.in_(feed_ids), Item.number == number).order_by(Item.feed_id, Item.seq)
    return list(session.scalars(query.limit(limit)))
