"""Records that the e-mail with the yearly question came back: where it reached no holder, the question was not asked,
and nothing follows from silence."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from bill import Reason
from consumers.suitability_wording import SUITABILITY
from store.accounts.account_notice import NewNotice, append_notice, notices_of
from store.accounts.consumer import holders_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.suitability_event import append_suitability, open_questions
from store.db.event import record
from store.db.row_locks import ROW_LOCK


def question_came_back(
    session: Session, account_id: int, consumer_id: int, due_on: date, words: str, now: datetime
) -> bool:  # fmt: skip
    """Record that this holder's e-mail was not delivered; *words* is the server's answer. Where no holder who can be
    mailed is left, the question ends as not asked: nobody's silence counts, and it is asked anew (`ask_yearly`).
    Returns False when that was known."""
    session.get_one(CustomerAccount, account_id, with_for_update=ROW_LOCK)  # two holders' e-mails may come back at once
    notice = NewNotice(
        account_id=account_id, kind="suitability_refused", at=now, key=_key(consumer_id, due_on),
        consumer_id=consumer_id, channel="email", wording=SUITABILITY.version, words=words,
    )  # fmt: skip
    if not append_notice(session, notice):
        return False
    question = open_questions(session, [account_id]).get(account_id)
    if question is not None and question.due_on == due_on and not _has_reached_somebody(session, account_id, due_on):
        append_suitability(
            session, account_id, due_on, "not_asked", now, wording=SUITABILITY.version, way="email",
            article=question.article,
        )  # fmt: skip
        why = Reason.of("email_bounced", answer=words)
        record(session, "account", account_id, "suitability not_asked", now, why=why)
    return True


def _has_reached_somebody(session: Session, account_id: int, due_on: date) -> bool:
    known = {each.key for each in notices_of(session, [account_id])[account_id] if each.kind == "suitability_refused"}
    holders = holders_of(session, [account_id]).get(account_id, [])
    return any(each.can_be_mailed and _key(each.id, due_on) not in known for each in holders)


def _key(consumer_id: int, due_on: date) -> str:
    return f"consumer {consumer_id} {due_on.isoformat()}"
