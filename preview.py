"""A preview: an issuer's last bills as they would look in a voice that one of its members tries; nothing is changed.

Joins `render` to the store for `road.py`. The portal asks by an errand, and shows what is answered.
"""

import logging
from typing import Final

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bill import Bill, History
from issuers.profile import Voice, brand_of
from issuers.registry import profile_of
from issuers.voice import Preview, seal_preview, voice_tried
from press import OWN_PAGES
from render import BrandError, compile_template, joined
from store import Store
from store.bill import PRESENTABLE, BillRow
from store.errand import Errand, answer
from store.history import frozen_history
from store.issuer import Issuer, Template

log = logging.getLogger(__name__)

#: Bills that are shown, of the last feed: its longest one, and its first ones.
_LONGEST: Final = 1
_FIRST: Final = 3


def answer_preview(store: Store, errand: Errand) -> None:
    """Do an errand that asks for a preview (`issuers.voice`)."""
    with store.reading() as session:
        issuer = session.get_one(Issuer, errand.particulars["issuer_id"])
        bills = [(row.bill, frozen_history(row)) for row in _last_bills(session, issuer.id)]
    said = _previewed(store, errand, issuer, bills)
    with store.writing() as session:
        answer(session, errand.id, msgspec.json.encode(said).decode())


def _previewed(store: Store, errand: Errand, issuer: Issuer, bills: list[tuple[Bill, History]]) -> Preview:
    if not bills:
        return Preview(why="aucune facture composée ici : il faut un premier flux")
    try:
        pdf = _drawn(issuer, voice_tried(errand), bills)
    except BrandError as error:
        return Preview(why=str(error))
    except Exception as error:
        log.exception("the brand of %s cannot be previewed", issuer.slug)
        return Preview(why=f"{type(error).__name__}: {error}")
    return seal_preview(store, errand.id, pdf, tuple(bill.number for bill, _ in bills))


def _drawn(issuer: Issuer, voice: Voice, bills: list[tuple[Bill, History]]) -> bytes:
    profile = msgspec.structs.replace(profile_of(issuer), brand=voice)
    template = compile_template(brand_of(profile, issuer.name, issuer.logo))
    return joined([template.prefix + template.suffix(bill, history) for bill, history in bills])


def _last_bills(session: Session, issuer_id: int) -> list[BillRow]:
    """Some bills of the issuer's last feed that were drawn here."""
    drawn = (
        BillRow.issuer_id == issuer_id, BillRow.state.in_(PRESENTABLE), BillRow.template_id == Template.id,
        Template.version != OWN_PAGES,
    )  # fmt: skip
    last = session.scalar(select(func.max(BillRow.feed_id)).where(*drawn))
    of_feed = select(BillRow).where(*drawn, BillRow.feed_id == last)
    longest = session.scalars(of_feed.order_by(BillRow.line_count.desc(), BillRow.id).limit(_LONGEST))
    first = session.scalars(of_feed.order_by(BillRow.id).limit(_FIRST))
    return list({row.id: row for row in (*longest, *first)}.values())
