"""A decision on account questions, and what follows for what was still to go out."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy.orm import Session

from delivery.postal_calendar import Calendar
from delivery.rechoose_channel import rechoose
from feeds.accounts.account_decision import AccountAnswer, Verdict, decide_question
from store import Store


def decide_account(
    session: Session, question_id: int, verdict: Verdict, calendar: Calendar | None = None
) -> AccountAnswer:
    """Settle one question; bills that came into another account are chosen a way again, in the same transaction."""
    decided = decide_question(session, question_id, verdict)
    rechoose(session, decided.moved, verdict.at, calendar)
    return decided.answer


def decide_accounts(
    store: Store, question_ids: Iterable[int], verdict: Verdict, calendar: Calendar | None = None
) -> Counter[AccountAnswer]:
    """Settle many questions alike, each in a transaction of its own; how many ended in each answer."""
    answers: Counter[AccountAnswer] = Counter()
    for question_id in question_ids:
        with store.writing() as session:
            answers[decide_account(session, question_id, verdict, calendar)] += 1
    store.wake_up.send()
    return answers
