"""/v1/payments and /v2/payments: an issuer's program tells payments, and reads what became of them."""

import hashlib
from io import BytesIO
from typing import Final

import msgspec
from flask import Response, abort, g, jsonify, request, url_for
from sqlalchemy.orm import Session

from bill import Finding
from bill.payment.payment_entry import PaymentEntry
from payments.files.booking_day_check import booking_day_fault
from payments.files.payments_json_reader import read_payments_json
from payments.payment_identity import payment_identity
from payments.payment_json import payment_reports
from payments.take_payments import take_payments
from portal import app_context
from portal.access.security_headers_and_csrf import csrf
from portal.api.feeds import pages, query_cursor, query_number, shown_cursor
from portal.api.version_2 import as_asked
from portal.row_id import LARGEST
from store.issuer import Issuer
from store.payments.payment import PAYMENT_OUTCOMES, pack_entry, payments_after, payments_by_identity
from store.payments.payment_key import payments_told_under
from store.payments.payment_request import LONGEST_KEY, keep_request

#: The most payments and bytes of one request; files of any length are feeds.
MOST: Final = 500
LARGEST_BODY: Final = 1 << 20


@pages.post("/payments")
def tell_payments() -> Response:
    """Store payments told as JSON, an object or a list, and match them: 201 if one of them is new, else 200. The same
    payment again, by its `id`, changes nothing; the same `id` or Idempotency-Key with another content is refused."""
    issuer: Issuer = g.issuer
    request.max_content_length = LARGEST_BODY
    body = request.get_data()
    entries = _entries(body)
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > LONGEST_KEY:
        abort(400, f"the Idempotency-Key has at most {LONGEST_KEY} characters")
    with app_context.store().writing() as session:
        digest = hashlib.sha256(body).hexdigest()
        if key and keep_request(session, issuer.id, key, digest, app_context.now()) == "other":
            abort(422, "another body came under this Idempotency-Key")
        _refuse_changed(session, issuer, entries)
        taken = take_payments(session, issuer.id, entries, "issuer", app_context.now())
    app_context.store().wake_up.send()
    with app_context.store().reading() as session:
        rows = payments_by_identity(session, issuer.id, list(entries))
        told = payment_reports(session, [rows[each] for each in entries if each in rows], issuer.slug)
    answer = jsonify({"payments": [as_asked(each) for each in told]})
    answer.status_code = 201 if taken else 200
    return answer


csrf.exempt(tell_payments)  # a key in a header is not sent along by a browser


@pages.get("/payments")
def list_payments() -> Response:
    """Returns the issuer's payments, newest first, a page at a time: all, of one `outcome`, or those that were too much
    (`too_much=true`)."""
    issuer: Issuer = g.issuer
    outcome = request.args.get("outcome")
    if outcome not in {None, *PAYMENT_OUTCOMES}:
        abort(400, f"`outcome` is one of {', '.join(PAYMENT_OUTCOMES)}")
    limit = query_number("limit", 50, 200)
    before = query_cursor("before", LARGEST, 1)
    session, outcomes = app_context.reading(), [outcome] if outcome else []
    is_too_much = _asks_too_much()
    found = payments_after(session, issuer.id, limit + 1, before, outcomes, is_too_much=is_too_much)
    shown, following = found[:limit], None
    if len(found) > limit:
        before_next = shown_cursor(shown[-1].id)
        asked = "true" if is_too_much else None
        following = url_for(".list_payments", limit=limit, outcome=outcome, too_much=asked, before=before_next)
    told = payment_reports(session, shown, issuer.slug)
    return jsonify({"payments": [as_asked(each) for each in told], "next": following})


def _asks_too_much() -> bool:
    """Whether only payments are asked for of which something was paid too much. Aborts with 400 for another word."""
    written = request.args.get("too_much", "false")
    if written not in {"true", "false"}:
        abort(400, "`too_much` is true or false")
    return written == "true"


def _entries(body: bytes) -> dict[str, PaymentEntry]:
    """The payments of the body by identity. Aborts with 422 and all that is wrong with them."""
    file = read_payments_json(BytesIO(body))
    found = list(file)
    wrong = [each for each in found if isinstance(each, Finding) and each.severity == "fatal"]
    told = [each for each in found if isinstance(each, PaymentEntry)]
    wrong += [fault for each in told if (fault := booking_day_fault(each, app_context.today())) is not None]
    if wrong or not file.is_whole:
        abort(422, "; ".join(f"{each.place}: {each.message}" for each in wrong[:20]) or "this is no JSON")
    entries = [msgspec.structs.replace(each, place="") for each in told]
    if not 0 < len(entries) <= MOST:
        abort(422, f"tell 1 to {MOST} payments; more of them are a feed")
    by_id: dict[str, PaymentEntry] = {}
    for each in entries:
        if by_id.setdefault(each.entry_id, each) != each:
            abort(422, f"two payments of other content have the id {each.entry_id}")
    return {payment_identity(each): each for each in by_id.values()}


def _refuse_changed(session: Session, issuer: Issuer, entries: dict[str, PaymentEntry]) -> None:
    """Abort with 422 if one of these ids was told with another content before."""
    before = payments_told_under(session, issuer.id, "issuer", [each.entry_id for each in entries.values()])
    for each in entries.values():
        if any(pack_entry(known) != pack_entry(each) for known in before.get(each.entry_id, ())):
            abort(422, f"payment {each.entry_id} was told with another content before")
