"""An account question as a JSON object, the same for the command line and the API."""

from typing import Annotated, TypedDict

import msgspec

from bill.decimal_text import amount_text
from bill.json_values import Amount, Count, Day, Moment, one_of, says
from feeds.accounts.account_question_details import QuestionDetails, QuestionSide
from store.accounts.account_question import QUESTION_KINDS, QUESTION_STATES
from store.row_ids import AccountId, FeedId, QuestionId


class LatestBill(TypedDict):
    """A bill of an account, in short."""

    number: str
    issue_date: Day
    payable: Amount
    currency: str


class AccountHolder(TypedDict):
    """A person who signs in for an account."""

    name: Annotated[str, says("As they gave it.")]
    since: Moment


class AccountSideReport(TypedDict):
    """An account, with the name and address it had when it was asked; its latest bills, and who signs in for it."""

    account: AccountId
    number: str
    scheme: str | None
    holder: str
    address: Annotated[dict[str, str], says("By its parts (EN 16931), without those that are absent.")]
    paperless: bool
    bill_count: Count
    bills: Annotated[list[LatestBill], says("The latest of them.")]
    held_by: list[AccountHolder]


class AccountQuestionReport(TypedDict):
    """A question whose an account number is: both accounts, and what was decided."""

    question: QuestionId
    issuer: str
    kind: Annotated[
        str,
        one_of(
            QUESTION_KINDS,
            "`reuse`: another name and another address under the number; `split`: two accounts have one number, "
            "written differently.",
        ),
    ]
    number: Annotated[str, says("The account number, as the bill that asked writes it.")]
    feed: FeedId | None
    asked_at: Moment
    state: Annotated[str, one_of(QUESTION_STATES)]
    decided_by: str | None
    reason: str | None
    decided_at: Moment | None
    held: AccountSideReport
    other: AccountSideReport


def question_report(asked: QuestionDetails, issuer: str) -> AccountQuestionReport:
    """The JSON object of a question with both sides; *issuer* is the slug."""
    question = asked.question
    return {
        "question": QuestionId(question.id),
        "issuer": issuer,
        "kind": question.kind,
        "number": question.number,
        "feed": None if question.feed_id is None else FeedId(question.feed_id),
        "asked_at": question.asked_at.isoformat(),
        "state": question.state,
        "decided_by": question.decided_by or None,
        "reason": None if (words := question.reason.values.get("words")) is None else str(words),  # a person gave it
        "decided_at": None if question.decided_at is None else question.decided_at.isoformat(),
        "held": _side(asked.held),
        "other": _side(asked.other),
    }


def _side(side: QuestionSide) -> AccountSideReport:
    return {
        "account": AccountId(side.account.id),
        "number": side.account.number,
        "scheme": side.account.scheme or None,
        "holder": side.holder,
        "address": {name: text for name, text in msgspec.structs.asdict(side.address).items() if text},
        "paperless": side.account.paperless,
        "bill_count": side.bill_count,
        "bills": [
            {
                "number": bill.number,
                "issue_date": bill.issue_date.isoformat(),
                "payable": amount_text(bill.payable, bill.currency),
                "currency": bill.currency,
            }
            for bill in side.bills
        ],
        "held_by": [{"name": each.name, "since": each.since.isoformat()} for each in side.held_by],
    }
