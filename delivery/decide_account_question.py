"""Decides account questions and chooses the channel again for the bills that thereby moved to another account."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy.orm import Session

from delivery.calendar.postal_calendar import Calendar
from delivery.choosing.rechoose_channel import rechoose
from feeds.accounts.account_question_resolution import AccountAnswer, QuestionDecision, decide_question
from store import Store


def decide_account(
    session: Session, question_id: int, verdict: QuestionDecision, calendar: Calendar | None = None
) -> AccountAnswer:
    """Decide one account question. Bills that moved to another account get their channel chosen again in the same
    transaction. Returns the answer that now holds."""
    decided = decide_question(session, question_id, verdict)
    rechoose(session, decided.moved, verdict.at, calendar)
    return decided.answer


def decide_accounts(
    store: Store, question_ids: Iterable[int], verdict: QuestionDecision, calendar: Calendar | None = None
) -> Counter[AccountAnswer]:
    """Decide many account questions with the same verdict, each in its own transaction, then wake the workers. Returns
    how many ended in each answer."""
    answers: Counter[AccountAnswer] = Counter()
    for question_id in question_ids:
        with store.writing() as session:
            answers[decide_account(session, question_id, verdict, calendar)] += 1
    store.wake_up.send()
    return answers
