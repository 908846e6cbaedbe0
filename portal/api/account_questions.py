"""/v1/account-questions, and /v2: an issuer's program lists its open account questions and decides them."""

from typing import Any, Final

from flask import Response, abort, g, jsonify, url_for

from delivery.decide_account_question import decide_account
from feeds.accounts.account_question_details import details_of_questions
from feeds.accounts.account_question_json import question_report
from feeds.accounts.account_question_resolution import AccountDecision, QuestionDecision
from portal import app_context
from portal.access.security_headers_and_csrf import csrf
from portal.api.feeds import pages, query_cursor, query_number, shown_cursor
from portal.api.json_object import json_object
from portal.api.version_2 import as_asked
from portal.form_input import one_line
from store.accounts.account_question import AccountQuestion, is_told, waiting_questions
from store.issuer import Issuer

_DECISIONS: Final[dict[str, AccountDecision]] = {
    "same": "same", "other": "other", "new_holder": "new_holder", "new-holder": "new_holder",
}  # fmt: skip
_LONGEST: Final = 500


@pages.get("/account-questions")
def list_account_questions() -> Response:
    """Returns the issuer's open account questions as JSON, oldest first, a page at a time."""
    issuer: Issuer = g.issuer
    limit = query_number("limit", 50, 200)
    after = query_cursor("after", 0, 0)
    found = waiting_questions(app_context.reading(), issuer.id, after, limit + 1)
    shown, following = found[:limit], None
    if len(found) > limit:
        following = url_for(".list_account_questions", limit=limit, after=shown_cursor(shown[-1].id))
    asked = details_of_questions(app_context.reading(), shown)
    return jsonify({"questions": [as_asked(question_report(each, issuer.slug)) for each in asked], "next": following})


@pages.post("/account-questions/<row(question):question_id>/decision")
def decide_account_question(question_id: int) -> Response:
    """Decide an account question. The same decision again changes nothing; another one is refused."""
    issuer: Issuer = g.issuer
    question = app_context.reading().get(AccountQuestion, question_id)
    if question is None or question.issuer_id != issuer.id or not is_told(app_context.reading(), question):
        abort(404, "there is no such question")
    verdict = _verdict(issuer)
    with app_context.store().writing() as session:
        answer = decide_account(session, question_id, verdict, app_context.calendar())
    app_context.store().wake_up.send()
    if answer == "late":
        abort(409, "the question was decided otherwise before")
    with app_context.store().reading() as session:
        [asked] = details_of_questions(session, [session.get_one(AccountQuestion, question_id)])
        return jsonify(as_asked(question_report(asked, issuer.slug)))


csrf.exempt(decide_account_question)  # a key in a header is not sent along by a browser


def _verdict(issuer: Issuer) -> QuestionDecision:
    """Read `{"decision": "same", "reason": "…", "by": "…"}`; without *by*, the program decides."""
    said = json_object("the body is a JSON object with `decision` and `reason`")
    decision, reason, by = said.get("decision"), _said(said.get("reason"), _LONGEST), _said(said.get("by"), 200)
    if not isinstance(decision, str) or decision not in _DECISIONS:
        abort(422, "`decision` is one of same, other, new_holder")
    if not reason:
        abort(422, "`reason` says why: it is kept with the decision")
    return QuestionDecision(_DECISIONS[decision], by or f"API {issuer.slug}", reason, app_context.now())


def _said(words: Any, most: int) -> str:
    """Returns a string of the JSON as one clean line; "" for any other value."""
    return one_line(words, most) if isinstance(words, str) else ""
