"""/v1/accounts, and /v2: an issuer's program says what it knows of a customer, and reads what people changed here."""

import json
from collections.abc import Collection
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Any, Final

from flask import Response, abort, g, jsonify, request, url_for
from sqlalchemy.orm import Session

from bill import Finding
from bill.customer.record_json import record_of_json
from customers.account_changes import change_report, changes_since, last_change, number_changes
from customers.account_report import account_of_number, account_reports, accounts_after
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
from delivery.relationship.relationship_state import AccountRelationship
from issuers.registry import profile_of
from portal import app_context
from portal.access.security_headers_and_csrf import csrf
from portal.api.events_gone import events_gone
from portal.api.feeds import pages, query_cursor, query_number, shown_cursor
from portal.api.json_object import json_object
from portal.api.version_2 import as_asked
from portal.row_id import LARGEST
from store.issuer import Issuer, lock_issuer
from store.outbox.outbox_event import oldest_cursor
from store.payments.payment_request import LONGEST_KEY, first_asked_at, keep_request

#: The most bytes of a record.
_LARGEST: Final = 64 * 1024


@pages.get("/accounts")
def list_accounts() -> Response:
    """Returns the accounts that changed after the cursor `changed_since`; without it, all accounts by their
    ids."""
    issuer = _issuer()
    limit = query_number("limit", 100, 500)
    number_changes(app_context.store(), issuer.id)
    if "changed_since" not in request.args:
        return _all_accounts(issuer, limit)
    since = query_number("changed_since", 0, LARGEST, 0)
    with app_context.store().reading() as session:  # the request's own may not see what was numbered just now
        changes = changes_since(session, issuer.id, since, limit)
        oldest = oldest_cursor(session, issuer.id)  # afterwards: what is deleted meanwhile is told
        reports = _reports(session, changes.events)
    if since < oldest:
        what_next = "read all accounts again, and go on from their `cursor`"
        return events_gone(since, oldest, what_next, url_for(".list_accounts", limit=limit))
    accounts = [
        as_asked(reports[account_id]) | {"changes": [change_report(event) for event in events]}
        for account_id, events in changes.events.items()
    ]
    more = url_for(".list_accounts", changed_since=changes.cursor, limit=limit) if changes.has_more else None
    return jsonify({"accounts": accounts, "cursor": changes.cursor, "next": more})


def _all_accounts(issuer: Issuer, limit: int) -> Response:
    """The cursor is that of the first page: what changes while the others are read comes with it."""
    with app_context.store().reading() as session:  # the cursor first: what changes meanwhile comes after it
        is_first = "cursor" not in request.args
        cursor = last_change(session, issuer.id) if is_first else query_number("cursor", 0, LARGEST, 0)
        ids = accounts_after(session, issuer.id, query_cursor("after", 0, 0), limit + 1)
        shown, following = ids[:limit], None
        reports = _reports(session, shown)
    if len(ids) > limit:
        following = url_for(".list_accounts", after=shown_cursor(shown[-1]), cursor=cursor, limit=limit)
    accounts = [as_asked(report) | {"changes": []} for report in reports.values()]
    return jsonify({"accounts": accounts, "cursor": cursor, "next": following})


@pages.get("/accounts/<path:number>")
def show_account(number: str) -> Response:
    """Returns the account that holds this number, with its ETag."""
    report = _report(app_context.reading(), _issuer(), number, request.args.get("term", ""))
    if report is None:
        abort(404, "there is no such account")
    return _tagged(report)


@pages.put("/accounts/<path:number>")
def put_account(number: str) -> Response:
    """Take what the issuer says of one customer: the newest by the source's own clock counts, field by field. Without a
    clock it is said when it came; the same again under its Idempotency-Key, when it came first."""
    issuer = _issuer()
    built = record_of_json({**_said(), "number": number}, zone=profile_of(issuer).customers.zone)
    if built.record is None:
        return _refused(built.findings)
    now, store = app_context.now(), app_context.store()
    profile = profile_of(issuer)
    with store.writing() as session:
        lock_issuer(session, issuer.id)
        came_at = _first_asked(session, issuer, now)
        source = RecordSource(issuer.id, profile.account_term, profile.customers.zone, came_at, f"API {issuer.slug}")
        _check_preconditions(_report(session, issuer, number, built.record.term))
        applied = apply_records(session, [SourcedRecord(1, built.record)], source, store.encryptor.encrypt_key, now)
        follow_paper_rights(session, accounts_with_paper_right(applied), now)
        hold_letters_of_dead(session, accounts_of_dead(applied), now)
        release_letters_of_living(session, accounts_of_living(applied), now)
    store.wake_up.send()
    return _answer(applied[0], built.findings)


csrf.exempt(put_account)  # a key in a header is not sent along by a browser


def _first_asked(session: Session, issuer: Issuer, now: datetime) -> datetime:
    """Returns when this request came first, by its Idempotency-Key: a program that has not heard the answer asks again,
    and undoes nothing that was said meanwhile."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return now
    if len(key) > LONGEST_KEY:
        abort(400, f"the Idempotency-Key has at most {LONGEST_KEY} characters")
    digest = sha256(f"{request.method} {request.path}\n".encode() + request.get_data()).hexdigest()
    if keep_request(session, issuer.id, key, digest, now) == "other":
        abort(422, "another request came under this Idempotency-Key")
    return first_asked_at(session, issuer.id, key)


def _said() -> dict[str, Any]:
    request.max_content_length = _LARGEST
    return json_object()


def _answer(applied: AppliedRecord, findings: tuple[Finding, ...]) -> Response:
    findings = (*findings, *applied.findings)
    if applied.outcome == "rejected":
        return _refused(findings)
    report: dict[str, Any] | None = None
    with app_context.store().reading() as session:
        if applied.slot is not None:
            report = _reports(session, [applied.slot.side.id])[applied.slot.side.id]
    shown = None if report is None else as_asked(report)
    answer = jsonify({"outcome": applied.outcome, "findings": [_finding(each) for each in findings], "account": shown})
    answer.status_code = HTTPStatus.CREATED if applied.outcome == "created" else HTTPStatus.OK
    if report is not None:
        answer.set_etag(_etag(report))
    return answer


def _refused(findings: tuple[Finding, ...]) -> Response:
    answer = jsonify({"outcome": "rejected", "findings": [_finding(each) for each in findings], "account": None})
    answer.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return answer


def _check_preconditions(report: dict[str, Any] | None) -> None:
    """RFC 9110, 13.1: `If-Match` lets nobody overwrite what they have not seen; `If-None-Match: *` only creates."""
    etag = None if report is None else _etag(report)
    if request.if_match and (etag is None or not request.if_match.contains(etag)):
        abort(412, "the account has changed since, or is not there: read it again")
    if request.if_none_match and etag is not None and request.if_none_match.contains(etag):
        abort(412, "the account is there already")


def _report(session: Session, issuer: Issuer, number: str, term: str) -> dict[str, Any] | None:
    account = account_of_number(session, issuer.id, number, term)
    return None if account is None else _reports(session, [account.id])[account.id]


def _reports(session: Session, account_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Returns the reports of these accounts with their relationships, by account id."""
    relationships = relationships_of(session, account_ids, app_context.now(), app_context.calendar())
    return {
        account_id: report | _relationship(relationships[account_id])
        for account_id, report in account_reports(session, account_ids).items()
    }


def _relationship(relationship: AccountRelationship) -> dict[str, Any]:
    since = relationship.since
    return {
        "relationship": relationship.state, "channel": relationship.channel,
        "relationship_since": None if since is None else since.isoformat(),
    }  # fmt: skip


def _tagged(report: dict[str, Any]) -> Response:
    answer = jsonify(as_asked(report))
    answer.set_etag(_etag(report))
    answer.make_conditional(request)
    return answer


def _etag(report: dict[str, Any]) -> str:
    return sha256(json.dumps(report, sort_keys=True).encode()).hexdigest()[:32]


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule, "severity": finding.severity, "place": finding.place, "message": finding.message,
    }  # fmt: skip


def _issuer() -> Issuer:
    """Returns the issuer of the request's API key, which the route policy has checked."""
    issuer: Issuer = g.issuer
    return issuer
