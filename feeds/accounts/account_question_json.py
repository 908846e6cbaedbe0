"""An account question as a JSON object, the same for the command line and the API."""

from typing import Any

import msgspec

from bill.decimal_text import amount_text
from feeds.accounts.account_question_details import QuestionDetails, QuestionSide


def question_report(asked: QuestionDetails, issuer: str) -> dict[str, Any]:
    """The JSON object of a question with both sides; *issuer* is the slug."""
    question = asked.question
    return {
        "question": question.id,
        "issuer": issuer,
        "kind": question.kind,
        "number": question.number,
        "feed": question.feed_id,
        "asked_at": question.asked_at.isoformat(),
        "state": question.state,
        "decided_by": question.decided_by or None,
        "reason": question.reason.values.get("words"),  # a person gave it
        "decided_at": None if question.decided_at is None else question.decided_at.isoformat(),
        "held": _side(asked.held),
        "other": _side(asked.other),
    }


def _side(side: QuestionSide) -> dict[str, Any]:
    return {
        "account": side.account.id,
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
