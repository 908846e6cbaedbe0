"""/v1/enquiries and /v2/enquiries: questions that people ask about bills, read and answered by programs."""

import hashlib
from typing import Annotated, Final, Literal, NoReturn

import msgspec
from msgspec import Meta
from sqlalchemy.orm import Session

from bill.json_values import Address, Count, Moment, not_blank, one_of, says
from consumers.enquiries.answer_enquiry import close_enquiry as close
from consumers.enquiries.ask_about_bill import new_form
from delivery.notices.enquiry_answer import answer_and_tell
from portal import app_context
from portal.api.blueprint import asking_issuer, pages
from portal.api.contract import Reply, linked, operation
from portal.problems import problem
from portal.problems.problem_types import CONFLICT, NOT_FOUND, OTHER_CONTENT, UNREADABLE_BODY
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.bill_enquiry import (
    ENQUIRY_STATES,
    LONGEST_WORDS,
    Enquiry,
    EnquiryEntry,
    EnquiryState,
    enquiries_in_line,
    entries_of,
)
from store.bills.enquiry_subject import ENQUIRY_SUBJECTS, EnquirySubject
from store.row_ids import AccountId, BillId, Cursor, EnquiryId
from store.staff_member import Staff, staff_by_email

#: The longest name that an asker reads.
LONGEST_NAME: Final = 80
#: The longest key under which a request may be sent again.
LONGEST_KEY: Final = 255

_Member = Annotated[
    str,
    Meta(min_length=3, max_length=254),
    says("The e-mail address of the member of your team who decides: people are answered by a named person."),
]


class EnquiriesQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which questions."""

    state: Annotated[EnquiryState, says("`open`: they wait for you, those that wait longest first.")] = "open"
    subject: EnquirySubject | None = None
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    after: Annotated[Cursor | None, says("Questions after this one; `next` has it filled in.")] = None


class EnquiryLine(msgspec.Struct, frozen=True, kw_only=True):
    """A question about a bill."""

    enquiry: EnquiryId
    bill: BillId
    bill_number: str
    account: AccountId
    account_number: str | None
    asker: Annotated[str, says("The name of the person who asks, as they wrote it.")]
    subject: Annotated[str, one_of(ENQUIRY_SUBJECTS, "What it is about.")]
    state: Annotated[
        str,
        one_of(
            ENQUIRY_STATES,
            "`open`: it waits for you; `answered`: you had the last word; `closed`. A further word of the person opens "
            "it again.",
        ),
    ]
    disputed: Annotated[bool, says("The person disputes the amount, which stays due.")]
    entries: Annotated[Count, says("How many words were written in it, by both: say it when you answer.")]
    asked_at: Moment
    waiting_since: Annotated[Moment, says("The person's first word without an answer.")]
    answered_at: Moment | None
    closed_at: Moment | None


class EnquiryWord(msgspec.Struct, frozen=True, kw_only=True):
    """What one of the two wrote."""

    by: Annotated[Literal["customer", "issuer"], says("Who wrote it.")]
    name: Annotated[str | None, says("The member of yours who answered, as the person reads it; null of a customer.")]
    words: Annotated[str, says("Plain text, with line breaks.")]
    at: Moment


class EnquiryReport(EnquiryLine, frozen=True, kw_only=True):
    """A question about a bill, with all that was written."""

    words: Annotated[list[EnquiryWord], says("First to last.")]


class EnquiriesPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of questions."""

    enquiries: list[EnquiryLine]
    next: Annotated[Address | None, says("The next page; null on the last.")]


class EnquiryAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer, as the person reads it."""

    words: Annotated[str, not_blank(LONGEST_WORDS), says("Plain text.")]
    by: _Member
    name: Annotated[
        Annotated[str, not_blank(LONGEST_NAME)] | None,
        says("Who answers, as the person reads it; absent: the member's name."),
    ] = None
    entries: Annotated[
        int, Meta(ge=1, le=1000), says("How many words you have read: 409 where somebody wrote meanwhile.")
    ]


class EnquiryClosing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who closes a question."""

    by: _Member


class OnceHeader(msgspec.Struct, frozen=True, kw_only=True):
    """By which a program may send a request again."""

    idempotency_key: Annotated[
        str,
        Meta(max_length=LONGEST_KEY),
        says("The same answer under it again is written once; another answer is refused."),
    ] = msgspec.field(name="Idempotency-Key", default="")


@pages.get("/enquiries")
@operation(NOT_FOUND)
def list_enquiries(query: EnquiriesQuery) -> EnquiriesPage:
    """Questions that people ask about your bills.

    Those that wait for you, the longest first; of another `state` the latest first. `bill.question_asked` tells of
    each.
    """
    session = app_context.reading()
    found = enquiries_in_line(
        session, query.state, asking_issuer().id, _of_issuer(query.after), query.limit + 1, query.subject
    )
    shown, following = linked(found, query.limit, lambda last: {"after": Cursor(last.id)})
    return EnquiriesPage(enquiries=[_line(session, each) for each in shown], next=following)


@pages.get("/enquiries/<row(enquiry):enquiry_id>")
@operation()
def show_enquiry(enquiry_id: EnquiryId) -> EnquiryReport:
    """A question about a bill, with all that was written."""
    return _report(app_context.reading(), _enquiry(enquiry_id))


@pages.post("/enquiries/<row(enquiry):enquiry_id>/answers")
@operation(CONFLICT, OTHER_CONTENT, UNREADABLE_BODY, answers={201: "It is answered, and the person is told by e-mail."})
def answer_enquiry(enquiry_id: EnquiryId, body: EnquiryAnswer, headers: OnceHeader) -> Reply[EnquiryReport]:
    """Answer a question.

    A named member of your team answers, as in the console; the person reads it in their space, and an e-mail tells of
    it outside their quiet hours. If somebody wrote since you read, nothing is sent (409): read it again.
    """
    enquiry, member = _enquiry(enquiry_id), _member(body.by)
    name, words = (body.name or member.name).strip(), body.words.strip()
    if not name:
        problem(UNREADABLE_BODY, "name: this member has none yet, and the person reads who answers")
    key = headers.idempotency_key
    once = hashlib.sha256(key.encode()).hexdigest()[:40] if key else new_form()
    with app_context.store().writing() as session:
        done = answer_and_tell(session, enquiry.id, member, name, words, body.entries, once, app_context.now())
    if done == "again":
        _check_same(enquiry.id, once, words)
    elif done != "answered":
        _refuse(done)
    app_context.store().wake_up.send()
    return Reply(_as_it_is(enquiry.id), status=201)


@pages.post("/enquiries/<row(enquiry):enquiry_id>/close")
@operation()
def close_enquiry(enquiry_id: EnquiryId, body: EnquiryClosing) -> EnquiryReport:
    """Close a question that needs no answer, or no further one.

    A further word of the person opens it again. One that is closed already is answered as it is.
    """
    enquiry, member = _enquiry(enquiry_id), _member(body.by)
    with app_context.store().writing() as session:
        close(session, enquiry.id, member.email, app_context.now())
    app_context.store().wake_up.send()
    return _as_it_is(enquiry.id)


def _enquiry(enquiry_id: int) -> Enquiry:
    """Returns the question if it is about a bill of this issuer; else the problem `not-found`."""
    enquiry = app_context.reading().get(Enquiry, enquiry_id)
    if enquiry is None or enquiry.issuer_id != asking_issuer().id:
        problem(NOT_FOUND, "there is no such question")
    return enquiry


def _of_issuer(after: int | None) -> int | None:
    """Returns the question after which a list goes on; one that is not this issuer's is no place in it."""
    return None if after is None else _enquiry(after).id


def _member(email: str) -> Staff:
    """Returns the member of this issuer's team who has this address and may decide."""
    member = staff_by_email(app_context.reading(), email)
    if member is None or member.issuer_id != asking_issuer().id or not member.has_role("editor"):
        problem(UNREADABLE_BODY, "by: no member of your team who may answer has this address")
    return member


def _refuse(done: str) -> NoReturn:
    if done == "many":
        problem(CONFLICT, "too much was written in this question: go on by another way")
    if done == "late":
        problem(CONFLICT, "somebody wrote meanwhile, or it is closed: read it again, nothing was sent")
    problem(UNREADABLE_BODY, f"words: {done}")


def _check_same(enquiry_id: int, once: str, words: str) -> None:
    """Refuse another answer under a key that was used."""
    with app_context.store().reading() as session:
        written = [each.words for each in entries_of(session, [enquiry_id])[enquiry_id] if each.once == once]
    if written != [words]:
        problem(OTHER_CONTENT, "another answer came under this Idempotency-Key")


def _as_it_is(enquiry_id: int) -> EnquiryReport:
    """Returns the report of a question that was just changed: the request's own session has read it before."""
    with app_context.store().reading() as session:
        return _report(session, session.get_one(Enquiry, enquiry_id))


def _report(session: Session, enquiry: Enquiry) -> EnquiryReport:
    words = [_word(entry) for entry in entries_of(session, [enquiry.id])[enquiry.id]]
    return EnquiryReport(**msgspec.structs.asdict(_line(session, enquiry)), words=words)


def _word(entry: EnquiryEntry) -> EnquiryWord:
    is_issuer = entry.staff_id is not None
    return EnquiryWord(
        by="issuer" if is_issuer else "customer", name=entry.name if is_issuer else None, words=entry.words,
        at=entry.at.isoformat(),
    )  # fmt: skip


def _line(session: Session, enquiry: Enquiry) -> EnquiryLine:
    bill = session.get_one(BillRow, enquiry.bill_id)
    account = session.get_one(CustomerAccount, bill.account_id)
    asker = session.get_one(Consumer, enquiry.consumer_id)
    answered, closed = enquiry.answered_at, enquiry.closed_at
    return EnquiryLine(
        enquiry=EnquiryId(enquiry.id), bill=BillId(bill.id), bill_number=bill.number, account=AccountId(account.id),
        account_number=account.number or None, asker=asker.name, subject=enquiry.subject, state=enquiry.state,
        disputed=enquiry.is_disputed, entries=enquiry.entries, asked_at=enquiry.asked_at.isoformat(),
        waiting_since=enquiry.waiting_since.isoformat(),
        answered_at=None if answered is None else answered.isoformat(),
        closed_at=None if closed is None else closed.isoformat(),
    )  # fmt: skip
