"""A holder's answer to the yearly question: bills without paper still suit, or paper again."""

from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from bill import Reason
from consumers.suitability_wording import SUITABILITY
from store.accounts.consumer import Consumer, holders_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.suitability_event import append_suitability, open_questions
from store.db.event import record

Answer = Literal["suits", "paper"]


def answer_check(session: Session, account: CustomerAccount, consumer: Consumer, answer: Answer, now: datetime) -> bool:
    """Record a holder's answer to the question that is open. Returns False if none is, or the consumer holds nothing;
    that paper comes again is the caller's to do (`delivery.return_to_paper`)."""
    question = open_questions(session, [account.id]).get(account.id)
    holders = holders_of(session, [account.id]).get(account.id, [])
    if question is None or consumer.id not in [holder.id for holder in holders]:
        return False
    is_new = append_suitability(
        session, account.id, question.due_on, answer, now, wording=SUITABILITY.version, way="portal",
        article=question.article, consumer_id=consumer.id,
    )  # fmt: skip
    if is_new:
        why = Reason.of("suitability_check", day=question.due_on.isoformat(), article=question.article)
        record(session, "account", account.id, f"suitability {answer}", now, by=f"consumer {consumer.id}", why=why)
    return is_new
