"""The job "brand preview": draws some of an issuer's last bills with brand settings that a member tries, beside its
present brand. Nothing is changed; the portal asks for the job and shows its result.
"""

import logging
from collections.abc import Generator, Iterator
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bill import Bill, Brand, History, Reason
from issuers.brand_preview import PagePair, Preview, PreviewVault, forget_earlier, preview_request_in
from issuers.brand_settings import BrandSettings
from issuers.profile import brand_of
from issuers.registry import brand_of_issuer, profile_of
from pipeline.compiled_templates import OWN_PAGES, compiled
from render.compiled_template import Template, compile_template
from render.page.bill_layout import NO_HISTORY
from render.page_images import page_images
from render.print.join_pdfs import join_pdfs
from render.sample_bill import sample_bill
from render.style.page_colours import BrandError
from store import Store
from store.bills.bill import PRESENTABLE, BillRow
from store.bills.earlier_bills import frozen_history
from store.feeds.feed import OUT, Feed
from store.issuer import Issuer, TemplateRow
from store.job import Job, failure_of, finish_job
from store.outage_or_fault import is_outage

log = logging.getLogger(__name__)

#: Number of bills shown of the last feed: the longest one and the first ones. They are sought among so many bills of a
#: feed, and in so many feeds.
_LONGEST: Final = 1
_FIRST: Final = 3
_LOOKED_AT: Final = 1000
_FEEDS: Final = 20
#: Width of a page's image in pixels: sharp on a whole phone screen, and on half a desktop's.
_WIDTH: Final = 900


class PreviewedBills(NamedTuple):
    """The bills of a preview, each with its history, and the two brands that they are drawn with. `is_specimen` says
    that the issuer has no bill yet, and an invented one is shown."""

    bills: list[tuple[Bill, History]]
    today: Brand
    tried: Brand
    is_specimen: bool


def answering_preview(store: Store, job: Job) -> Iterator[None]:
    """Do a job that asks for a brand preview (`issuers.brand_preview`), step by step: yields between bills and pages.
    The result is a `Preview` as JSON, or the reason why the brand cannot be drawn."""
    with store.reading() as session:
        shown = _shown(session, job)
    yield
    answer, why = "", Reason()
    try:
        answer = msgspec.json.encode((yield from _previewed(PreviewVault(store, job.id), shown))).decode()
    except BrandError as error:
        why = error.reason
    except Exception as error:
        if is_outage(error, job.setbacks):
            raise
        log.exception("the brand of %s cannot be previewed", shown.tried.name)
        why = failure_of(error)
    forget_earlier(store, job)
    with store.writing() as session:
        finish_job(session, job.id, answer, why)


def _shown(session: Session, job: Job) -> PreviewedBills:
    preview_request = preview_request_in(job)
    issuer = session.get_one(Issuer, preview_request.issuer_id)
    today, tried = brand_of_issuer(issuer), _brand_in(preview_request.looks, issuer)
    bills = [(row.bill, frozen_history(row)) for row in _last_bills(session, issuer.id)]
    return PreviewedBills(bills or [(sample_bill(tried, job.asked_at.date()), NO_HISTORY)], today, tried, not bills)


def _brand_in(looks: BrandSettings, issuer: Issuer) -> Brand:
    return brand_of(msgspec.structs.replace(profile_of(issuer), brand=looks.voice), issuer.name, looks.logo)


def _previewed(vault: PreviewVault, shown: PreviewedBills) -> Generator[None, None, Preview]:
    """All bills with the brand that is tried, as one PDF; images of the first bill's pages with both brands."""
    tried = yield from _drawn(compile_template(shown.tried), shown.bills)
    today = yield from _drawn(compiled(shown.today), shown.bills[:1])
    number = shown.bills[0][0].number
    pairs = []
    for n, (before, after) in enumerate(
        zip(page_images(today[0], _WIDTH), page_images(tried[0], _WIDTH), strict=False)
    ):
        pairs.append(PagePair(number, vault.put(before, f"today {n}"), vault.put(after, f"tried {n}")))
        yield
    bills = () if shown.is_specimen else tuple(bill.number for bill, _ in shown.bills)
    return Preview(blob=vault.put(join_pdfs(tried), "pdf"), key=vault.key, bills=bills, pairs=tuple(pairs))


def _drawn(template: Template, bills: list[tuple[Bill, History]]) -> Generator[None, None, list[bytes]]:
    drawn = []
    for bill, history in bills:
        yield
        drawn.append(template.prefix + template.suffix(bill, history))
    return drawn


def _last_bills(session: Session, issuer_id: int) -> list[BillRow]:
    """Some bills of the issuer's last feed that were drawn by its template, the longest first."""
    for feed_id in session.scalars(_last_feeds(issuer_id)).all():
        some = select(BillRow.id).where(BillRow.feed_id == feed_id).order_by(BillRow.item_seq).limit(_LOOKED_AT)
        drawn = (
            select(BillRow)
            .join(TemplateRow, TemplateRow.id == BillRow.template_id)
            .where(BillRow.id.in_(some), BillRow.state.in_(PRESENTABLE), TemplateRow.version != OWN_PAGES)
        )
        longest = session.scalars(drawn.order_by(BillRow.line_count.desc(), BillRow.id).limit(_LONGEST)).all()
        if longest:
            first = session.scalars(drawn.order_by(BillRow.id).limit(_FIRST))
            return list({row.id: row for row in (*longest, *first)}.values())
    return []


def _last_feeds(issuer_id: int) -> Select[int]:
    out = (Feed.issuer_id == issuer_id, Feed.state.in_(OUT))
    return select(Feed.id).where(*out).order_by(Feed.id.desc()).limit(_FEEDS)
