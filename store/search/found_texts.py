"""The texts of found bills, in the order in which they are looked through for the words that were sought."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bill import Bill, outline, unpack
from store.bills.bill import BillRow
from store.search.search_entry import searched_texts

#: Where a text stands: the bill's number, a line, a note, the name or the text of an attachment, a page of its own PDF.
TextKind = Literal["number", "line", "note", "attachment", "inside", "page"]


class FoundText(NamedTuple):
    """A text and where it stands: its *kind*; the *name* of the attachment; *page*, from 1, of a PDF with several."""

    kind: TextKind
    text: str
    name: str = ""
    page: int = 0


def found_texts(session: Session, bill_ids: Sequence[int]) -> dict[int, list[FoundText]]:
    """All texts of these bills, by bill id."""
    beside = searched_texts(session, bill_ids)
    contents = session.execute(select(BillRow.id, BillRow.content).where(BillRow.id.in_(bill_ids)))
    return {bill_id: list(_texts(unpack(content), beside.get(bill_id, {}))) for bill_id, content in contents}


def _texts(bill: Bill, beside: Mapping[int, str]) -> Iterator[FoundText]:
    yield FoundText("number", bill.number)
    for line, *_ in outline(bill.lines):
        attributes = ", ".join(f"{each.name} {each.value}" for each in line.attributes)
        said = " · ".join(text for text in (line.name, line.description, line.note, attributes) if text)
        yield FoundText("line", said)
    for note in bill.notes:
        yield FoundText("note", note.text)
    yield FoundText("note", bill.terms)
    for attachment in bill.attachments:
        yield FoundText("attachment", attachment.filename)
        yield FoundText("attachment", attachment.description, attachment.filename)
    for n, text in beside.items():
        kind: TextKind = "inside" if n else "page"
        name = bill.attachments[n - 1].filename if 0 < n <= len(bill.attachments) else ""
        pages = text.split("\f")
        for page, said in enumerate(pages, 1):
            yield FoundText(kind, said, name, page if len(pages) > 1 else 0)
