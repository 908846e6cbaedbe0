"""Routes of account questions (another name and another address under a held account number): list, compare, decide one
or many.

An issuer's members decide on their own customers' questions; an operator may too.
"""

from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from delivery.decide_account_question import decide_accounts
from feeds.accounts.account_question_details import details_of_questions
from feeds.accounts.account_question_resolution import AccountDecision, QuestionDecision
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value, one_line
from portal.operators.presenters.text_diff import marked_differences
from portal.public_id_converter import row_of
from portal.translation import say
from store.accounts.account_question import AccountQuestion, count_questions, is_told, waiting_questions
from words import state_names

pages = Blueprint("account_questions", __name__, url_prefix="/equipe/comptes")

QUESTIONS_A_PAGE: Final = 50
LONGEST_NUMBER: Final = 200

_DECISIONS: Final[dict[str, AccountDecision]] = {"meme": "same", "autre": "other", "nouveau": "new_holder"}
_TONES: Final = {"done": "good", "known": "ask", "late": "ask"}


@pages.get("")
def show_all() -> ResponseReturnValue:
    """Lists open questions, oldest first. *numero* searches an account number in any notation."""
    session, issuer_id = app_context.reading(), staff_scope.issuer_id()
    number = one_line(request.args.get("numero", ""), LONGEST_NUMBER)
    after = row_of(request.args.get("suite", ""), "cursor") or 0
    found = waiting_questions(session, issuer_id, after, QUESTIONS_A_PAGE + 1, number)
    shown = found[:QUESTIONS_A_PAGE]
    following = (
        url_for(".show_all", numero=number or None, suite=shown[-1].id) if len(found) > QUESTIONS_A_PAGE else None
    )
    return render_template(
        "operators/decisions/account_questions.html",
        asked=details_of_questions(session, shown),
        count=count_questions(session, issuer_id),
        number=number,
        issuers=staff_scope.issuers(),
        first=url_for(".show_all", numero=number or None) if after else None,
        following=following,
        marked=marked_differences,
    )


@pages.get("/<row(question):question_id>")
def show(question_id: int) -> ResponseReturnValue:
    session = app_context.reading()
    [asked] = details_of_questions(session, [_question(question_id)])
    return render_template(
        "operators/decisions/account_question.html",
        asked=asked,
        issuer=staff_scope.issuers()[asked.question.issuer_id],
        wording=state_names,
        marked=marked_differences,
    )


@pages.post("/decision")
def decide() -> ResponseReturnValue:
    """Give these questions the same answer: same holder, somebody else, or a new holder of the number."""
    decision, reason = _DECISIONS.get(request.form.get("decision", "")), form_value("reason")
    if decision is None:
        abort(400)
    chosen = {number for text in request.form.getlist("question") if (number := row_of(text, "question")) is not None}
    for each in chosen:
        _question(each)
    page = url_for(".show", question_id=min(chosen)) if len(chosen) == 1 else url_for(".show_all")
    if not reason or not chosen:
        flash(say("Choisissez des comptes, et écrivez la raison de votre décision : elle reste avec votre nom."), "bad")
        return redirect(page, 303)
    verdict = QuestionDecision(decision, current_user.staff().email, reason, app_context.now())
    answers = decide_accounts(app_context.store(), sorted(chosen), verdict, app_context.calendar())
    for answer, count in answers.items():
        words = state_names.ACCOUNT_DECIDED[decision] if answer == "done" else state_names.ACCOUNT_UNDECIDED[answer]
        flash(say(words, n=count, count=count), _TONES[answer])
    return redirect(page, 303)


def _question(question_id: int) -> AccountQuestion:
    """Returns the question if it is in the visitor's scope; else aborts with 404."""
    question = app_context.reading().get(AccountQuestion, question_id)
    if question is None or not is_told(app_context.reading(), question):
        abort(404)
    staff_scope.check(question.issuer_id)
    return question
