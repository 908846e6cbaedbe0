"""The consumer's home page: what is to pay, all issuers at one glance, then all bills by month, as the reader filters
them. Strangers see what Facteur is."""

from collections import Counter
from collections.abc import Sequence, Set
from datetime import date, timedelta
from functools import partial
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from bill import ASKED_FOR
from portal import app_context
from portal.access import current_user
from portal.consumers.bills.bill_reader import BillReader, bill_reader
from portal.consumers.bills.filter_form import filter_form, named_in
from portal.consumers.bills.filter_query import filtered_url, read_filter
from portal.consumers.bills.open_questions import asking_of, open_notices
from portal.consumers.notices import know_kinds
from portal.consumers.presenters.bill_list.bill_filter_words import filter_parts, filter_words
from portal.consumers.presenters.bill_list.bill_list_month import bill_list_month
from portal.consumers.presenters.bill_list.bill_list_row import IssuerInRows, bill_list_row
from portal.consumers.presenters.bill_list.bill_listing import BillListing, bill_listing
from portal.consumers.presenters.bill_list.filtered_amounts import filtered_amounts
from portal.consumers.presenters.bill_list.found_where import found_where, meant_search
from portal.consumers.presenters.bill_list.issuers_at_a_glance import failed_payments, issuers_at_a_glance
from portal.consumers.presenters.bill_list.issuers_list import issuers_list
from portal.consumers.presenters.bill_list.to_pay_answer import to_pay_answer
from portal.consumers.presenters.bill_list.total_to_pay import (
    TotalToPay,
    asking_among,
    past_without_a_word,
    totals_to_pay,
)
from portal.page_address import bill_addresses
from portal.presenters.issuer_badge import issuer_badge
from portal.public_id_converter import public_id, row_of
from portal.translation import say
from store.bills.bill import IMPORTED_CHANNEL
from store.bills.bill_filter import BillFilter
from store.bills.bills_of_consumer import RecentBill, owed_by_consumer, recent_bills
from store.bills.filter_options import FilterOptions, filter_options
from store.bills.filtered_bills import ListKey
from store.bills.listed_bill import ListedBill
from store.delivery import seen_by
from store.search.typed_search import typed_search

pages = Blueprint("home", __name__)

#: A bill that its reader has not looked at is news for so long, whoever else has; linking a contract brings a year of
#: them.
NEWS: Final = timedelta(days=30)
#: What is news was issued so long ago at most; so many at most are counted.
_ISSUED: Final = timedelta(days=92)
_MOST_RECENT: Final = 200


@pages.get("/")
def show() -> ResponseReturnValue:
    known = current_user.signed_in_user()
    if known is None or known.consumer is None:
        return render_template("consumers/sign_in/landing.html")
    return _bills(bill_reader(known.consumer))


def _bills(reader: BillReader) -> ResponseReturnValue:
    session, today, now = app_context.reading(), app_context.today(), app_context.now()
    consumer_id = reader.consumer.id
    only, before = read_filter(request.args, reader.issuers.values()), _before(request.args.get("avant", ""))
    is_overview = not only.parts and before is None
    has = _options(reader)
    listing = bill_listing(session, consumer_id, only, before, today, partial(_owed, reader) if is_overview else None)
    shown, recent = listing.bills, _news(reader, listing) if is_overview else []
    news = {row.id for row in shown if now - row.received_at < NEWS and not row.is_imported}
    seen = seen_by(session, consumer_id, news | {each.id for each in recent})
    return render_template(
        "consumers/bills/home.html",
        months=_months(reader, only, listing, news - seen),
        has_accounts=bool(reader.accounts),
        is_first=before is None,
        **(_overview(reader, listing, [each for each in recent if each.id not in seen]) if is_overview else {}),
        **(_filtered(reader, only, listing) if only.parts else {}),
        **_sought(reader, only, listing),
        **_pager(reader, only, before, listing),
        form=has and filter_form(reader, only, has),
    )


def _rows(reader: BillReader, only: BillFilter, listing: BillListing, new: Set[int]) -> dict[int, Markup]:
    """The rows of the listing, by bill id."""
    today, is_sought = app_context.today(), bool(only.asked)
    issuers = {each.id: IssuerInRows.of(issuer_badge(each), is_sought=is_sought) for each in reader.issuers.values()}
    before, behind = escape(bill_addresses()), escape(f"?{urlencode({'cherche': only.asked})}") if only.asked else ""
    where = found_where(app_context.reading(), only.asked, [row.id for row in listing.bills])
    search = typed_search(only.asked) if is_sought else None
    return {
        row.id: bill_list_row(
            row, f"{before}{row.uid}{behind}", issuers[row.issuer_id], listing.dues[row.id], today, where.get(row.id),
            search=search, is_new=row.id in new,
        )
        for row in listing.bills
    }  # fmt: skip


def _options(reader: BillReader) -> FilterOptions | None:
    """What the list can be limited to, where there may be a list."""
    if not reader.accounts:
        return None
    has = filter_options(app_context.reading(), reader.consumer.id)
    know_kinds(has.notices)
    return has


def _months(reader: BillReader, only: BillFilter, listing: BillListing, new: Set[int]) -> Markup:
    """The listing, a section a month."""
    rows, total_words = _rows(reader, only, listing, new), _total_words(only)
    months = [bill_list_month(each, rows, total_words) for each in listing.months]
    return Markup("".join(months))  # noqa: S704 -- each is markup


def _total_words(only: BillFilter) -> str:
    """What the total of a month is."""
    if only.is_unpaid:
        return say("à payer")
    return say("pour ce filtre") if only.parts else say("en tout")


def _owed(reader: BillReader) -> list[ListedBill]:
    since = app_context.today() - ASKED_FOR
    return owed_by_consumer(app_context.reading(), reader.consumer.id, since)


def _news(reader: BillReader, listing: BillListing) -> list[RecentBill]:
    """The bills that are news, if their reader has not looked at them. The first page has them all, as a rule."""
    since, shown = app_context.today() - _ISSUED, listing.bills
    if listing.older is None or shown[-1].issue_date < since:
        found = [
            RecentBill(each.id, each.issuer_id, each.received_at, each.channel)
            for each in shown
            if each.issue_date >= since
        ]
    else:
        found = recent_bills(app_context.reading(), reader.consumer.id, since, _MOST_RECENT)
    began = app_context.now() - NEWS
    return [each for each in found if each.received_at > began and each.channel != IMPORTED_CHANNEL]


def _overview(reader: BillReader, listing: BillListing, new: Sequence[RecentBill]) -> dict[str, Any]:
    """What stands above the list: the total to pay, and all issuers."""
    session, today = app_context.reading(), app_context.today()
    asking = asking_among(listing.owed, listing.dues, today)
    sums, notices = totals_to_pay(asking), open_notices()
    questions = asking_of(session, reader.consumer, reader.accounts, notices)
    for issuer_id, words in failed_payments(asking).items():
        questions[issuer_id] = [*words, *questions.get(issuer_id, ())]
    news = Counter(each.issuer_id for each in new)
    return {
        "answer": _answer(reader, sums),
        "issuers": issuers_list(issuers_at_a_glance(
            reader.issuers.values(), asking, news, questions,
            lambda issuer: filtered_url(BillFilter(issuer_id=issuer.id), [issuer]),
        )),
        **notices.for_templates,
    }  # fmt: skip


def _answer(reader: BillReader, owed: Sequence[TotalToPay]) -> Markup | None:
    """What is to pay; None for a reader without contracts, who is told what to do instead."""
    if not (owed or reader.accounts):
        return None
    known, today = reader.consumer, app_context.today()
    unheard = 0 if owed else past_without_a_word(app_context.reading(), known.id, today)
    return to_pay_answer(owed, known.name, unheard)


def _filtered(reader: BillReader, only: BillFilter, listing: BillListing) -> dict[str, Any]:
    """What stands above a filtered list: what is listed, how much it is, and the ways back."""
    session, named = app_context.reading(), named_in(reader, only)
    return {
        "filter_words": filter_words(only, named),
        "filter_parts": filter_parts(only, named, lambda other: filtered_url(other, reader.issuers.values())),
        "are_credits": only.kind == "credit_note",
        "amounts": filtered_amounts(session, reader.consumer.id, only, listing, app_context.today()),
    }


def _sought(reader: BillReader, only: BillFilter, listing: BillListing) -> dict[str, Any]:
    """Where the words of the search stand in each bill found; where none was, what may have been meant."""
    if not only.asked:
        return {"asked": None, "found_words": ""}
    session, rows = app_context.reading(), listing.bills
    meant = None if rows else meant_search(session, reader.consumer.id, only)
    more, all_ = say("Plus de {count} factures", count=len(rows)), say("{n} facture|{n} factures", n=len(rows))
    return {
        "asked": only.asked,
        "found_words": more if listing.older else all_,
        "meant": meant and {"words": meant.asked, "url": filtered_url(meant, reader.issuers.values())},
    }


def _pager(reader: BillReader, only: BillFilter, before: ListKey | None, listing: BillListing) -> dict[str, str | None]:
    issuers, older = reader.issuers.values(), listing.older
    return {
        "newer": None if before is None else filtered_url(only, issuers),
        "older": None if older is None else filtered_url(only, issuers, avant=_written(older)),
    }


def _written(key: ListKey) -> str:
    day, bill_id = key
    return f"{day}.{public_id(bill_id, 'bill')}"


def _before(text: str) -> ListKey | None:
    """Read the key of the page before (`2026-11-03.4711`); None if it is missing or malformed."""
    day, _, number = text.partition(".")
    bill_id = row_of(number, "bill")
    try:
        return None if bill_id is None else (date.fromisoformat(day), bill_id)
    except ValueError:
        return None
