"""/v1/payments and /v2/payments: an issuer's program tells payments, and reads what became of them."""

import hashlib
from io import BytesIO
from typing import Annotated, Final

import msgspec
from flask import request
from msgspec import Meta
from sqlalchemy.orm import Session

from bill import Finding
from bill.json_values import Address, Day, matching, one_of, says
from bill.payment.payment_entry import MovementKind, PaymentEntry
from payments.files.booking_day_check import booking_day_fault
from payments.files.payments_json_reader import read_payments_json
from payments.payment_identity import payment_identity
from payments.payment_json import MatchedPayment, payment_reports
from payments.take_payments import take_payments
from portal import app_context
from portal.api.blueprint import asking_issuer, pages
from portal.api.contract import Reply, linked, operation
from portal.api.idempotency_key import IdempotencyHeader
from portal.problems import problem
from portal.problems.problem_types import OTHER_CONTENT, TOO_LARGE, UNREADABLE_BODY
from portal.row_id import LARGEST
from store.issuer import Issuer
from store.payments.payment import PAYMENT_OUTCOMES, pack_entry, payments_after, payments_by_identity
from store.payments.payment_key import payments_told_under
from store.payments.payment_request import keep_request
from store.row_ids import Cursor

#: The most payments and bytes of one request; files of any length are feeds.
MOST: Final = 500
LARGEST_BODY: Final = 1 << 20

_Number = Annotated[str, says("Exact: as text, or a number that is read as it is written.")] | float


class ToldShare(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a payment; negative for a credit note."""

    reference: str
    amount: _Number


class ToldPayment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A payment as you tell it."""

    id: Annotated[str, Meta(min_length=1), says("Your id of this movement.")]
    kind: MovementKind
    amount: _Number
    currency: Annotated[str, matching("^[A-Z]{3}$", "a currency of ISO 4217, such as EUR")]
    date: Day
    references: Annotated[list[str] | str | None, says("Bill numbers or structured references (RF).")] = None
    shares: Annotated[list[ToldShare] | ToldShare | None, says("How it is divided between documents.")] = None
    text: str | None = None
    name: str | None = None
    iban: str | None = None
    creditor_iban: str | None = None
    end_to_end_id: str | None = None
    mandate_id: str | None = None
    original_id: str | None = None
    reason: Annotated[str | None, says("ISO 20022 code of a return or refusal.")] = None
    creditor_id: str | None = None
    sequence_type: str | None = None


class PaymentsQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which payments."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    before: Annotated[Cursor | None, says("Payments before this one; `next` has it filled in.")] = None
    outcome: Annotated[str, one_of(PAYMENT_OUTCOMES, "Those of this outcome only.")] | None = None
    too_much: Annotated[bool, says("Only payments of which something was paid too much.")] = False


class PaymentsPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of payments, newest first."""

    payments: list[MatchedPayment]
    next: Annotated[Address | None, says("The next page; null on the last.")]


class TakenPayments(msgspec.Struct, frozen=True, kw_only=True):
    """The payments that were told, as they are now."""

    payments: list[MatchedPayment]


@pages.post("/payments")
@operation(
    OTHER_CONTENT, TOO_LARGE, UNREADABLE_BODY,
    answers={200: "All of them were told before.", 201: "At least one of them is new."},
    body=ToldPayment | Annotated[list[ToldPayment], Meta(min_length=1, max_length=MOST)],
)  # fmt: skip
def tell_payments(headers: IdempotencyHeader) -> Reply[TakenPayments]:
    """Tell what was paid.

    One payment, or a list of at most 500. A payment is told apart by its `id`: told again it changes nothing. More of
    them, and bank statements, are feeds.
    """
    issuer, key = asking_issuer(), headers.key
    request.max_content_length = LARGEST_BODY
    body = request.get_data()
    entries = _entries(body)
    with app_context.store().writing() as session:
        digest = hashlib.sha256(body).hexdigest()
        if key and keep_request(session, issuer.id, key, digest, app_context.now()) == "other":
            problem(OTHER_CONTENT, "another body came under this Idempotency-Key")
        _refuse_changed(session, issuer, entries)
        taken = take_payments(session, issuer.id, entries, "issuer", app_context.now())
    app_context.store().wake_up.send()
    with app_context.store().reading() as session:
        rows = payments_by_identity(session, issuer.id, list(entries))
        told = payment_reports(session, [rows[each] for each in entries if each in rows], issuer.slug)
    return Reply(TakenPayments(payments=told), 201 if taken else 200)


@pages.get("/payments")
@operation()
def list_payments(query: PaymentsQuery) -> PaymentsPage:
    """Payments and the bills they are of, newest first."""
    issuer, session = asking_issuer(), app_context.reading()
    outcomes = [query.outcome] if query.outcome else []
    found = payments_after(
        session,
        issuer.id,
        query.limit + 1,
        LARGEST if query.before is None else query.before,
        outcomes,
        is_too_much=query.too_much,
    )
    shown, following = linked(found, query.limit, lambda last: {"before": Cursor(last.id)})
    return PaymentsPage(payments=payment_reports(session, shown, issuer.slug), next=following)


def _entries(body: bytes) -> dict[str, PaymentEntry]:
    """The payments of the body by identity. What is wrong with them, all of it, is the problem."""
    file = read_payments_json(BytesIO(body))
    found = list(file)
    wrong = [each for each in found if isinstance(each, Finding) and each.severity == "fatal"]
    told = [each for each in found if isinstance(each, PaymentEntry)]
    wrong += [fault for each in told if (fault := booking_day_fault(each, app_context.today())) is not None]
    if wrong or not file.is_whole:
        sentences = "; ".join(f"{each.place}: {each.message}" for each in wrong[:20])
        problem(UNREADABLE_BODY, sentences or "this is no JSON")
    entries = [msgspec.structs.replace(each, place="") for each in told]
    if not 0 < len(entries) <= MOST:
        problem(UNREADABLE_BODY, f"tell 1 to {MOST} payments; more of them are a feed")
    by_id: dict[str, PaymentEntry] = {}
    for each in entries:
        if by_id.setdefault(each.entry_id, each) != each:
            problem(OTHER_CONTENT, f"two payments of other content have the id {each.entry_id}")
    return {payment_identity(each): each for each in by_id.values()}


def _refuse_changed(session: Session, issuer: Issuer, entries: dict[str, PaymentEntry]) -> None:
    """Refuse the request if one of these ids was told with another content before."""
    before = payments_told_under(session, issuer.id, "issuer", [each.entry_id for each in entries.values()])
    for each in entries.values():
        if any(pack_entry(known) != pack_entry(each) for known in before.get(each.entry_id, ())):
            problem(OTHER_CONTENT, f"payment {each.entry_id} was told with another content before")
