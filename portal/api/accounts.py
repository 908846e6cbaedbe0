"""/v1/accounts, and /v2: an issuer's program says what it knows of a customer, and reads what people changed here."""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Literal, NoReturn, cast

import msgspec
from flask import request
from msgspec import UNSET, Meta, UnsetType
from sqlalchemy.orm import Session

from bill import Finding
from bill.customer.record_json import record_of_json
from bill.json_values import Address, Day, Moment, Position, says
from customers.account_changes import AccountChange, change_report, changes_since, last_change, number_changes
from customers.account_report import AccountReport, account_of_number, account_reports, accounts_after
from customers.apply_customer_records import (
    AppliedRecord,
    RecordSource,
    SourcedRecord,
    accounts_of_dead,
    accounts_of_living,
    accounts_with_paper_right,
    apply_records,
)
from delivery.follow_customer_statements import (
    follow_paper_rights,
    hold_letters_of_dead,
    release_letters_of_living,
)
from delivery.relationship.account_relationships import relationships_of
from delivery.relationship.relationship_state import AccountRelationship, RelationshipState
from issuers.registry import profile_of
from portal import app_context
from portal.api.blueprint import asking_issuer, pages
from portal.api.contract import Preconditions, Reply, check_preconditions, etag_of, linked, operation
from portal.api.contract.linked_pages import address_with
from portal.api.events_gone import events_gone
from portal.api.idempotency_key import IdempotencyKey, unquoted
from portal.api.json_object import json_object
from portal.problems import problem
from portal.problems.problem_types import EVENTS_GONE, NOT_FOUND, OTHER_CONTENT, RECORD_REFUSED, RefusedFinding
from store.issuer import Issuer, lock_issuer
from store.outbox.outbox_event import oldest_cursor
from store.payments.payment_request import first_asked_at, keep_request
from store.row_ids import Cursor

_Number = Annotated[str, says("The account number, in any spelling.")]
_Outcome = Literal["created", "changed", "unchanged", "older"]
_Term = Literal["BT-46", "BT-12", "BT-10", "BT-18"]
_Text = str | int | UnsetType | None


class AccountsQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which accounts."""

    changed_since: Annotated[Position | None, says("Changes after this one: the `cursor` of the answer before.")] = None
    limit: Annotated[int, Meta(ge=1, le=500)] = 100
    after: Annotated[Cursor | None, says("Of all accounts: those after this one; `next` has it filled in.")] = None
    cursor: Annotated[Position | None, says("Of all accounts: the first page's; `next` has it filled in.")] = None


class TermQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which of several accounts with this number."""

    term: Annotated[_Term | Literal[""], says("Where numbers of several terms are alike.")] = ""


class AccountWithRelationship(AccountReport):
    """An account: what its letters bear, who follows it, what you have said of its customer, and how it stands between
    paper and portal."""

    relationship: Annotated[
        RelationshipState, says("By what happened: the twelve states are told in docs/promises.md.")
    ]
    channel: Annotated[Literal["portal", "paper"], says("What bills go by.")]
    relationship_since: Annotated[str | None, says("A moment, or a day where only that is known; null: since ever.")]


class ListedAccount(AccountWithRelationship):
    """An account in a list, and what was changed here since."""

    changes: list[AccountChange]


class AccountsPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of accounts."""

    accounts: list[ListedAccount]
    cursor: Annotated[int, says("Where to go on with `changed_since`.")]
    next: Annotated[Address | None, says("The next page; null on the last.")]


class AddressStatement(msgspec.Struct, frozen=True, kw_only=True):
    """An address, by its parts (EN 16931), and its first and last day: a first day to come is a move."""

    line1: _Text = UNSET
    line2: _Text = UNSET
    line3: _Text = UNSET
    postcode: _Text = UNSET
    city: _Text = UNSET
    subdivision: _Text = UNSET
    country: _Text = UNSET
    valid_from: Day | UnsetType | None = msgspec.field(name="from", default=UNSET)
    valid_until: Day | UnsetType | None = msgspec.field(name="until", default=UNSET)


class CustomerStatement(msgspec.Struct, frozen=True, kw_only=True):
    """What you know of one customer. A term that is absent is not said, `null` removes."""

    term: Annotated[str | UnsetType, says("Of the account's number: BT-46 (usual), BT-12, BT-10, BT-18.")] = UNSET
    scheme: _Text = UNSET
    as_of: Annotated[Moment | UnsetType, says("Your own clock: when this was last changed.")] = UNSET
    names: Annotated[list[str], Meta(max_length=4)] | UnsetType | None = UNSET
    postal_address: Annotated[AddressStatement | UnsetType | None, says("Where letters go.")] = UNSET
    delivery_address: Annotated[AddressStatement | UnsetType | None, says("Where the service is delivered.")] = UNSET
    email: Annotated[str | UnsetType | None, says("What you know: nobody is enrolled by it.")] = UNSET
    phone: _Text = UNSET
    language: Annotated[str | UnsetType | None, says("ISO 639-1.")] = UNSET
    large_print: bool | str | UnsetType | None = UNSET
    paper_by_right: Annotated[str | bool | UnsetType | None, says("`yes`, or `exempt`, `guardian`, `vulnerable`.")] = (
        UNSET
    )
    closed_on: Day | UnsetType | None = UNSET
    died_on: Day | UnsetType | None = UNSET
    household: Annotated[_Text, says("Your own id of it.")] = UNSET


class RecordHeaders(Preconditions, frozen=True, kw_only=True):
    """What must hold, and by which a program may send the request again: it is then as of when it came first, and
    undoes nothing that was said meanwhile."""

    idempotency_key: IdempotencyKey = msgspec.field(name="Idempotency-Key", default="")


class CustomerOutcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a customer record."""

    outcome: _Outcome
    findings: list[RefusedFinding]
    account: Annotated[AccountWithRelationship | None, says("As it is now.")]


@pages.get("/accounts")
@operation(EVENTS_GONE)
def list_accounts(query: AccountsQuery) -> AccountsPage:
    """Accounts that people changed here, or all accounts.

    With `changed_since`: the accounts in which something changed after that change (an address mended, an e-mail
    address confirmed, consent given or withdrawn, somebody who follows the account or no longer does, a move, a
    closing, a death), with who made each change, in the order of the changes, each as it is now. Begin with 0, keep
    `cursor`, and go on from it: nothing is missed, and an account may come again. Without it: all accounts with a
    number, by pages; the `cursor` of the first page is where to go on.
    """
    issuer = asking_issuer()
    number_changes(app_context.store(), issuer.id)
    if query.changed_since is None:
        return _all_accounts(issuer, query)
    since = query.changed_since
    with app_context.store().reading() as session:  # the request's own may not see what was numbered just now
        changes = changes_since(session, issuer.id, since, query.limit)
        oldest = oldest_cursor(session, issuer.id)  # afterwards: what is deleted meanwhile is told
        reports = _reports(session, changes.events)
    if since < oldest:
        what_next = "read all accounts again, and go on from their `cursor`"
        events_gone(since, oldest, what_next, address_with({"changed_since": None, "limit": query.limit}))
    accounts: list[ListedAccount] = [
        {**reports[account_id], "changes": [change_report(event) for event in events]}
        for account_id, events in changes.events.items()
    ]
    more = address_with({"changed_since": changes.cursor, "limit": query.limit}) if changes.has_more else None
    return AccountsPage(accounts=accounts, cursor=changes.cursor, next=more)


def _all_accounts(issuer: Issuer, query: AccountsQuery) -> AccountsPage:
    """The cursor is that of the first page: what changes while the others are read comes with it."""
    with app_context.store().reading() as session:  # the cursor first: what changes meanwhile comes after it
        cursor = last_change(session, issuer.id) if query.cursor is None else query.cursor
        ids = accounts_after(session, issuer.id, query.after or 0, query.limit + 1)
        shown, following = linked(ids, query.limit, lambda last: {"after": Cursor(last), "cursor": cursor})
        reports = _reports(session, shown)
    accounts: list[ListedAccount] = [{**report, "changes": []} for report in reports.values()]
    return AccountsPage(accounts=accounts, cursor=cursor, next=following)


@pages.get("/accounts/<path:number>")
@operation()
def show_account(number: _Number, query: TermQuery) -> AccountWithRelationship:
    """The account that holds a number, as it is now."""
    report = _report(app_context.reading(), asking_issuer(), number, query.term)
    return problem(NOT_FOUND, "there is no such account") if report is None else report


@pages.put("/accounts/<path:number>")
@operation(
    RECORD_REFUSED, OTHER_CONTENT,
    answers={200: "Taken, or nothing new, or older than what is known.", 201: "An account was opened."},
)  # fmt: skip
def put_account(number: _Number, headers: RecordHeaders, body: CustomerStatement) -> Reply[CustomerOutcome]:  # noqa: ARG001
    """Say what you know of a customer.

    The terms of a customer file. One that is absent is not said, `null` removes. The newest by `as_of` counts, term by
    term; without `as_of` it is said now. An account that is not known is opened. The same again changes nothing.
    """
    issuer = asking_issuer()
    built = record_of_json({**json_object(), "number": number}, zone=profile_of(issuer).customers.zone)
    if built.record is None:
        _refuse(built.findings)
    now, store = app_context.now(), app_context.store()
    profile = profile_of(issuer)
    with store.writing() as session:
        lock_issuer(session, issuer.id)
        first_came_at = _first_asked(session, issuer, unquoted(headers.idempotency_key), now)
        came_at = first_came_at or now
        source = RecordSource(issuer.id, profile.account_term, profile.customers.zone, came_at, f"API {issuer.slug}")
        if first_came_at is None:
            check_preconditions(_report(session, issuer, number, built.record.term))
        applied = apply_records(session, [SourcedRecord(1, built.record)], source, store.encryptor.encrypt_key, now)
        follow_paper_rights(session, accounts_with_paper_right(applied), now)
        hold_letters_of_dead(session, accounts_of_dead(applied), now)
        release_letters_of_living(session, accounts_of_living(applied), now)
    store.wake_up.send()
    return _applied(applied[0], built.findings)


def _first_asked(session: Session, issuer: Issuer, key: str, now: datetime) -> datetime | None:
    """Returns when this request came first, by its Idempotency-Key; None: now. A program that has not heard the answer
    asks again, undoes nothing that was said meanwhile, and its preconditions held when it came first."""
    if not key:
        return None
    digest = sha256(f"{request.method} {request.path}\n".encode() + request.get_data()).hexdigest()
    came = keep_request(session, issuer.id, key, digest, now)
    if came == "other":
        problem(OTHER_CONTENT, "another request came under this Idempotency-Key")
    return first_asked_at(session, issuer.id, key) if came == "same" else None


def _applied(applied: AppliedRecord, findings: tuple[Finding, ...]) -> Reply[CustomerOutcome]:
    findings = (*findings, *applied.findings)
    if applied.outcome == "rejected":
        _refuse(findings)
    report: AccountWithRelationship | None = None
    with app_context.store().reading() as session:
        if applied.slot is not None:
            report = _reports(session, [applied.slot.side.id])[applied.slot.side.id]
    said = CustomerOutcome(
        outcome=cast("_Outcome", applied.outcome), findings=[_finding(each) for each in findings], account=report
    )
    status = HTTPStatus.CREATED if applied.outcome == "created" else HTTPStatus.OK
    return Reply(said, status, etag="" if report is None else etag_of(report))


def _refuse(findings: tuple[Finding, ...]) -> NoReturn:
    said = "; ".join(each.message for each in findings if each.severity == "fatal")
    problem(RECORD_REFUSED, said, outcome="rejected", findings=[_finding(each) for each in findings])


def _report(session: Session, issuer: Issuer, number: str, term: str) -> AccountWithRelationship | None:
    account = account_of_number(session, issuer.id, number, term)
    return None if account is None else _reports(session, [account.id])[account.id]


def _reports(session: Session, account_ids: Collection[int]) -> dict[int, AccountWithRelationship]:
    """Returns the reports of these accounts with their relationships, by account id."""
    relationships = relationships_of(session, account_ids, app_context.now(), app_context.calendar())
    return {
        account_id: _with_relationship(report, relationships[account_id])
        for account_id, report in account_reports(session, account_ids).items()
    }


def _with_relationship(report: AccountReport, relationship: AccountRelationship) -> AccountWithRelationship:
    since = relationship.since
    return {
        **report, "relationship": relationship.state, "channel": relationship.channel,
        "relationship_since": None if since is None else since.isoformat(),
    }  # fmt: skip


def _finding(finding: Finding) -> RefusedFinding:
    return RefusedFinding(rule=finding.rule, severity=finding.severity, place=finding.place, message=finding.message)
