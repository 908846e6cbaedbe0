"""The tables of the search index: the tokens of each bill, and the texts beside the bill that it is found by."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, Text, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bill import Bill
from store.base import Base
from store.db.bulk_insert import insert_rows
from store.search.bill_tokens import bill_tokens

#: The low bits of a place are the bill's id.
_ID_BITS: Final = 40
_ID_MASK: Final = (1 << _ID_BITS) - 1
#: The most characters of texts stored for a bill: of its own pages, then of its attachments.
MOST_TEXT: Final = 20_000
#: A soft hyphen with the line break after it, which part a word; what turns the direction of writing.
_UNSEEN: Final = re.compile(r"\u00ad[^\S\f]*|[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


class SearchEntry(Base):
    """What a bill is found by. Bills have an entry from when they have their PDF, until they are superseded, recalled
    or erased. *place* is the bill's place in the list, newest first: issue date and id as one number. *tokens* have
    blanks between (`store.search.bill_tokens`).

    The full-text index follows this table by itself (`store.search.full_text_index`).
    """

    __tablename__ = "search_entry"
    __table_args__ = (Index("ix_search_entry_account_id_place", "account_id", "place"),)

    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id", ondelete="CASCADE"), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    tokens: Mapped[str] = mapped_column(Text)


class SearchedText(Base):
    """The text of an attachment of a bill, numbered from 1, or of the issuer's own pages: number 0, with a form feed
    after each page."""

    __tablename__ = "searched_text"

    bill_id: Mapped[int] = mapped_column(ForeignKey("bill.id", ondelete="CASCADE"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)


def place_of(issue_date: date, bill_id: int) -> int:
    """A bill's place in the list: the greater, the newer."""
    return issue_date.toordinal() << _ID_BITS | bill_id


def bill_at(place: int) -> int:
    """The id of the bill at this place."""
    return place & _ID_MASK


def index_bills(session: Session, bills: Sequence[tuple[int, int, Bill, Mapping[int, str]]]) -> None:
    """Add bills to the index: id, account id, the bill, and the texts beside it by number (`SearchedText`)."""
    entries: list[dict[str, Any]] = []
    texts: list[dict[str, Any]] = []
    for bill_id, account_id, bill, beside in bills:
        kept = _kept(beside)
        place, tokens = place_of(bill.issue_date, bill_id), bill_tokens(bill, kept.values())
        entries.append({"place": place, "bill_id": bill_id, "account_id": account_id, "tokens": tokens})
        texts += [{"bill_id": bill_id, "n": n, "text": text} for n, text in kept.items()]
    insert_rows(session, SearchEntry, entries, new=True)
    insert_rows(session, SearchedText, texts, new=True)


def _kept(texts: Mapping[int, str]) -> dict[int, str]:
    """The texts of a bill as far as there is room, without what nobody sees, and what no database stores: NULs, halves
    of characters."""
    room, kept = MOST_TEXT, {}
    for n, text in sorted(texts.items()):
        seen = _UNSEEN.sub("", text).replace("\0", " ")
        if said := seen[:room].encode("utf-8", "replace").decode().strip(" "):
            kept[n] = said
            room -= len(said)
    return kept


def searched_texts(session: Session, bill_ids: Sequence[int]) -> dict[int, dict[int, str]]:
    """The texts beside these bills, by bill id and number."""
    found: dict[int, dict[int, str]] = {}
    query = select(SearchedText).where(SearchedText.bill_id.in_(bill_ids))
    for each in session.scalars(query.order_by(SearchedText.bill_id, SearchedText.n)):
        found.setdefault(each.bill_id, {})[each.n] = each.text
    return found


def forget_account(session: Session, account_id: int) -> None:
    """Delete all that the search knows of an account's bills, as when its key is erased."""
    mine = select(SearchEntry.bill_id).where(SearchEntry.account_id == account_id)
    session.execute(delete(SearchedText).where(SearchedText.bill_id.in_(mine)))
    session.execute(delete(SearchEntry).where(SearchEntry.account_id == account_id))
