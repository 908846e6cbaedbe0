"""A preview: an issuer's last bills in the looks that one of its members tries, beside today's; nothing is changed.

Joins `render` to the store for `road.py`. The portal asks by an errand, and shows what is answered.
"""

import logging
from collections.abc import Generator, Iterator
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bill import Bill, Brand, History
from issuers.profile import brand_of
from issuers.registry import brand_of_issuer, profile_of
from issuers.trial import Pair, Preview, Seal, forget_earlier, trial_in
from issuers.voice import Looks
from press import OWN_PAGES, compiled
from render import NO_HISTORY, BrandError, Template, compile_template, joined, pictures, specimen
from store import Store
from store.bill import PRESENTABLE, BillRow
from store.errand import Errand, answer
from store.feed import OUT, Feed
from store.history import frozen_history
from store.issuer import Issuer
from store.issuer import Template as TemplateRow
from store.outage import is_outage

log = logging.getLogger(__name__)

#: Bills that are shown, of the last feed: its longest one, and its first ones. A feed may be of a million: so many are
#: looked at, in so many feeds.
_LONGEST: Final = 1
_FIRST: Final = 3
_LOOKED_AT: Final = 1000
_FEEDS: Final = 20
#: Of a page's picture, in pixels: sharp on a phone's whole width, and on half a desk's.
_WIDTH: Final = 900


class Shown(NamedTuple):
    """The bills of a preview, each with what came before it, and the two looks that they are drawn in."""

    bills: list[tuple[Bill, History]]
    today: Brand
    tried: Brand
    is_specimen: bool


def answer_preview(store: Store, errand: Errand) -> None:
    """Do an errand that asks for a preview (`issuers.trial`)."""
    for _ in answering_preview(store, errand):
        pass


def answering_preview(store: Store, errand: Errand) -> Iterator[None]:
    """The same; between its bills and pages others may have their turn."""
    with store.reading() as session:
        shown = _shown(session, errand)
    yield
    try:
        said = yield from _previewed(Seal(store, errand.id), shown)
    except BrandError as error:
        said = Preview(why=str(error))
    except Exception as error:
        if is_outage(error, errand.setbacks):
            raise
        log.exception("the brand of %s cannot be previewed", shown.tried.name)
        said = Preview(why=f"{type(error).__name__}: {error}")
    forget_earlier(store, errand)
    with store.writing() as session:
        answer(session, errand.id, msgspec.json.encode(said).decode())


def _shown(session: Session, errand: Errand) -> Shown:
    trial = trial_in(errand)
    issuer = session.get_one(Issuer, trial.issuer_id)
    today, tried = brand_of_issuer(issuer), _brand_in(trial.looks, issuer)
    bills = [(row.bill, frozen_history(row)) for row in _last_bills(session, issuer.id)]
    return Shown(bills or [(specimen(tried, errand.asked_at.date()), NO_HISTORY)], today, tried, not bills)


def _brand_in(looks: Looks, issuer: Issuer) -> Brand:
    return brand_of(msgspec.structs.replace(profile_of(issuer), brand=looks.voice), issuer.name, looks.logo)


def _previewed(seal: Seal, shown: Shown) -> Generator[None, None, Preview]:
    """All bills in the looks that are tried, as one PDF; the pages of the first of them beside today's."""
    tried = yield from _drawn(compile_template(shown.tried), shown.bills)
    today = yield from _drawn(compiled(shown.today), shown.bills[:1])
    number = shown.bills[0][0].number
    pairs = []
    for n, (before, after) in enumerate(zip(pictures(today[0], _WIDTH), pictures(tried[0], _WIDTH), strict=False)):
        pairs.append(Pair(number, seal.put(before, f"today {n}"), seal.put(after, f"tried {n}")))
        yield
    bills = () if shown.is_specimen else tuple(bill.number for bill, _ in shown.bills)
    return Preview(blob=seal.put(joined(tried), "pdf"), key=seal.key, bills=bills, pairs=tuple(pairs))


def _drawn(template: Template, bills: list[tuple[Bill, History]]) -> Generator[None, None, list[bytes]]:
    drawn = []
    for bill, history in bills:
        yield
        drawn.append(template.prefix + template.suffix(bill, history))
    return drawn


def _last_bills(session: Session, issuer_id: int) -> list[BillRow]:
    """Some bills of the issuer's last feed that were drawn here, the longest first."""
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
