"""Where the words of a search stand in each found bill: a short excerpt with the words marked, and what it is from."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.presenters.marked_words import marked_pieces
from portal.translation import say
from store.bills.bill_filter import BillFilter
from store.bills.bills_of_consumer import bills_of_consumer, issue_dates
from store.search.found_texts import FoundText, found_texts
from store.search.marked_text import excerpt, marked_number
from store.search.nearest_search import nearest_search
from store.search.typed_search import TypedSearch, typed_search

#: In so many of the newest bills a word is sought that was meant.
_NEWEST: Final = 24


class FoundWhere(NamedTuple):
    """*source* is what the excerpt is from; "" for a line or a note of the bill."""

    source: str
    excerpt: Markup


def found_where(session: Session, asked: str, bill_ids: Sequence[int]) -> dict[int, FoundWhere]:
    """Returns of each of these bills the excerpt that has most of the words sought, by bill id. Bills that were found
    by their issuer, their amount or a day have none."""
    search = typed_search(asked)
    if search is None or not bill_ids:
        return {}
    best = {bill_id: _best(search, texts) for bill_id, texts in found_texts(session, bill_ids).items()}
    return {bill_id: where for bill_id, where in best.items() if where is not None}


def _best(search: TypedSearch, texts: Sequence[FoundText]) -> FoundWhere | None:
    most, where = 0, None
    for each in texts:
        if each.kind == "number":
            pieces = marked_number(search, each.text)
            count = len(pieces)
        else:
            count, pieces = excerpt(search, each.text)
        if count > most:
            most, where = count, FoundWhere(_source(each), marked_pieces(pieces))
    return where


def _source(found: FoundText) -> str:
    match found.kind:
        case "number":
            return say("Numéro")
        case "attachment":
            return found.name or say("Pièce jointe")
        case "inside" if found.page:
            return say("{name}, page {n}", name=found.name or say("Pièce jointe"), n=found.page)
        case "inside":
            return found.name or say("Pièce jointe")
        case "page" if found.page:
            return say("Page {n} du PDF", n=found.page)
        case "page":
            return say("PDF")
    return ""


def meant_search(session: Session, consumer_id: int, only: BillFilter) -> BillFilter | None:
    """Returns what a filter that left nothing may have meant to search for, by the words of the reader's newest bills;
    None if that would find nothing either."""
    if not only.asked:
        return None
    newest = bills_of_consumer(session, consumer_id, limit=_NEWEST)
    said = found_texts(session, [row.id for row, _ in newest])
    names = {issuer.name for _, issuer in newest}
    words = nearest_search(only.asked, [*names, *(each.text for texts in said.values() for each in texts)])
    meant = replace(only, asked=words or "")
    return meant if words and issue_dates(session, consumer_id, meant, 1) else None
