"""A bill's page: how much, by when, how to pay; then what it is made of and what happened to it."""

import mimetypes
import unicodedata
from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bill import Bill, grouped, is_iban, pay_link, payment_code
from codes import qr
from delivery.calendar import Calendar
from delivery.hear import viewed
from issuers.registry import profile_of
from portal import here, visitor
from portal.consumers.comparison import SHOWN, Comparison, compare
from portal.consumers.history import history
from portal.consumers.standing import standing
from portal.consumers.symbol_path import Drawing, draw
from portal.consumers.units import unit_name
from portal.typed import typed
from store.account import CustomerAccount
from store.amount_due import amount_due_of
from store.bill import BillRow, bill_of_consumer, bills_before
from store.delivery import Delivery, deliveries_of
from store.event import record
from store.issuer import Issuer

pages = Blueprint("bill", __name__)

#: A page shows so many lines; the rest are in the document.
MOST_LINES: Final = 100
#: What a browser may be handed as what it is; anything else is bytes to save.
SAFE_TYPES: Final = frozenset({"application/pdf", "image/png", "image/jpeg", "text/csv"})


@pages.get("/factures/<uid>")
def show(uid: str) -> ResponseReturnValue:
    row, issuer = _mine(uid)
    profile = profile_of(issuer)
    bill, account = row.bill, here.reading().get_one(CustomerAccount, row.account_id)
    deliveries = deliveries_of(here.reading(), row.id)
    if request.method == "GET":
        _note_view(row, deliveries)
    return render_template(
        "bill.html",
        row=row,
        bill=bill,
        issuer=issuer,
        account=account,
        standing=standing(row, here.today()),
        pay_url=pay_link(profile.pay_url, bill, amount_due_of(here.reading(), row, here.today()), profile.account_term),
        qr=_qr(row, bill),
        grouped=grouped,
        unit=lambda code: unit_name(code, profile_of(issuer).brand.units),
        lines=bill.lines[:MOST_LINES],
        comparison=_comparison(row),
        moments=history(row, issuer.name, deliveries, visitor.consumer().id),
    )


@pages.get("/factures/<uid>/pdf")
def pdf(uid: str) -> ResponseReturnValue:
    """The archived document, bit for bit."""
    row, issuer = _mine(uid)
    content = here.store().archive(here.reading()).pdf(row)
    _note_view(row, deliveries_of(here.reading(), row.id))
    return _file(content, f"{issuer.name} {row.issue_date} {row.number}.pdf", "application/pdf")


@pages.get("/factures/<uid>/pieces/<int:n>")
def attachment(uid: str, n: int) -> ResponseReturnValue:
    """A document that the issuer put beside the bill, numbered from 1. Its name and type are only what it says."""
    row, _ = _mine(uid)
    attachments = row.bill.attachments
    if not 1 <= n <= len(attachments) or not attachments[n - 1].is_kept:
        abort(404)
    given = attachments[n - 1]
    content = here.store().archive(here.reading()).attachment(row, n)
    name = given.filename or f"{given.id or n}{mimetypes.guess_extension(given.media_type) or ''}"
    media_type = given.media_type if given.media_type in SAFE_TYPES else "application/octet-stream"
    return _file(content, name, media_type)


@pages.post("/factures/<uid>/payee")
def said_paid(uid: str) -> ResponseReturnValue:
    """« C’est payé », or not after all: the consumer's own word, which the issuer has not confirmed."""
    is_paid = typed("paid") != "0"
    row, _ = _mine(uid)
    if row.to_pay > 0 and is_paid != (row.said_paid_at is not None):
        with here.store().writing() as session:
            session.get_one(BillRow, row.id).said_paid_at = here.now() if is_paid else None
            what = "said_paid" if is_paid else "said_unpaid"
            record(session, "bill", row.id, what, here.now(), by=f"consumer {visitor.consumer().id}")
    return redirect(url_for("bill.show", uid=uid), 303)


def _mine(uid: str) -> tuple[BillRow, Issuer]:
    """The bill, if it is this consumer's: what is not yours is not there."""
    found = bill_of_consumer(here.reading(), visitor.consumer().id, uid)
    return found or abort(404)


def _note_view(row: BillRow, deliveries: Sequence[Delivery]) -> None:
    """Written when somebody looks for the first time: then nothing more needs to be sent to them."""
    me = visitor.consumer().id
    is_waiting = any(
        each.person_id == me and each.channel == "portal" and each.state != "delivered" for each in deliveries
    )
    if row.viewed_at is None or is_waiting:
        with here.store().writing() as session:
            calendar = Calendar(time_zone=here.config().time_zone)
            viewed(session, session.get_one(BillRow, row.id), me, here.now(), calendar)


def _qr(row: BillRow, bill: Bill) -> Drawing | None:
    """What a banking application reads to fill the transfer in."""
    sound = next((each for each in bill.payment.transfers if is_iban(each.iban)), None)
    if sound is None:
        return None
    holder = sound.name or (bill.payee.name if bill.payee else "") or bill.seller.name
    payload = payment_code(sound, holder, row.to_pay, row.currency, bill.payment.remittance or row.number)
    return None if payload is None else draw(qr.encode(payload))


def _comparison(row: BillRow) -> Comparison:
    return compare(row, bills_before(here.reading(), row, SHOWN))


def _file(content: bytes, name: str, media_type: str) -> Response:
    """A file to save, under its own name (RFC 6266): letters for old programs, the true name beside them."""
    kept = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "-" for c in name).strip(". ") or "document"
    letters = unicodedata.normalize("NFKD", kept.replace("’", "'"))
    plain = "".join(c for c in letters if c.isascii() and c != "%") or "document"
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(kept, '')}"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
