"""/v1/account-questions, and /v2: an issuer's program lists its open account questions and decides them."""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from bill.json_values import Address, says
from delivery.decide_account_question import decide_account
from feeds.accounts.account_question_details import details_of_questions
from feeds.accounts.account_question_json import AccountQuestionReport, question_report
from feeds.accounts.account_question_resolution import AccountDecision, QuestionDecision
from portal import app_context
from portal.api.blueprint import asking_issuer, pages
from portal.api.contract import linked, operation
from portal.form_input import one_line
from portal.problems import problem
from portal.problems.problem_types import ALREADY_DECIDED, NOT_FOUND, UNREADABLE_BODY
from store.accounts.account_question import AccountQuestion, is_told, waiting_questions
from store.row_ids import Cursor, QuestionId

_DECISIONS: Final[dict[str, AccountDecision]] = {
    "same": "same", "other": "other", "new_holder": "new_holder", "new-holder": "new_holder",
}  # fmt: skip
_LONGEST: Final = 500


class QuestionsQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which page of the questions."""

    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    after: Annotated[Cursor | None, says("Questions after this one; `next` has it filled in.")] = None


class AccountQuestionsPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of questions that wait, oldest first."""

    questions: list[AccountQuestionReport]
    next: Annotated[Address | None, says("The next page; null on the last.")]


class DecidedQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Whose an account number is, and why."""

    decision: Annotated[
        Literal["same", "other", "new_holder", "new-holder"],
        says(
            "`same`: one holder, who moved and changed names; the accounts are joined. `other`: somebody else, kept "
            "apart. `new_holder`: the number passes on, and history stays behind."
        ),
    ]
    reason: Annotated[str, Meta(min_length=1), says("Kept with the decision; at most 500 characters of it.")]
    by: Annotated[str, says("Who decides; without it, your program does.")] = ""


@pages.get("/account-questions")
@operation()
def list_account_questions(query: QuestionsQuery) -> AccountQuestionsPage:
    """Account numbers of which we must know whose they are.

    Another name and another address came under an account number that is held (`reuse`), or one number has several
    accounts (`split`). The bill went on paper, to the address that it bears, on an account of its own. The oldest
    first.
    """
    issuer, session = asking_issuer(), app_context.reading()
    found = waiting_questions(session, issuer.id, query.after or 0, query.limit + 1)
    shown, following = linked(found, query.limit, lambda last: {"after": Cursor(last.id)})
    asked = details_of_questions(session, shown)
    return AccountQuestionsPage(questions=[question_report(each, issuer.slug) for each in asked], next=following)


@pages.post("/account-questions/<row(question):question_id>/decision")
@operation(ALREADY_DECIDED)
def decide_account_question(question_id: QuestionId, body: DecidedQuestion) -> AccountQuestionReport:
    """Say whose an account number is.

    The same decision again changes nothing and is answered alike.
    """
    issuer = asking_issuer()
    question = app_context.reading().get(AccountQuestion, question_id)
    if question is None or question.issuer_id != issuer.id or not is_told(app_context.reading(), question):
        problem(NOT_FOUND, "there is no such question")
    reason, by = one_line(body.reason, _LONGEST), one_line(body.by, 200) or f"API {issuer.slug}"
    if not reason:
        problem(UNREADABLE_BODY, "reason: it says why, and is kept with the decision")
    verdict = QuestionDecision(_DECISIONS[body.decision], by, reason, app_context.now())
    with app_context.store().writing() as session:
        answer = decide_account(session, question_id, verdict, app_context.calendar())
    app_context.store().wake_up.send()
    if answer == "late":
        problem(ALREADY_DECIDED, "the question was decided otherwise before")
    with app_context.store().reading() as session:
        [asked] = details_of_questions(session, [session.get_one(AccountQuestion, question_id)])
        return question_report(asked, issuer.slug)
