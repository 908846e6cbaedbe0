"""Decide an account question: a named person says who an account number belongs to.

* `same`: one holder, who moved and changed names; the accounts are joined.
* `other`: somebody else; the second account stays separate for good.
* `new_holder`: the number passes on; the first account keeps its bills and holders and gets no new bills.

Each decision is one transaction. When two people decide at once, the second is told that the first was faster.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Literal, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bill import Reason, person_key
from store.access_grants.ended_contracts import end_grants_on
from store.accounts.account_notice import NewNotice, append_notice, move_notices
from store.accounts.account_question import AccountQuestion
from store.accounts.consent import Consent
from store.accounts.consumer import Enrolment, end_holding, enrol, holders_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.holder_dispute import Dispute, disputes_on
from store.accounts.joint_holder_notice import HolderNotice, notify_other_holders
from store.accounts.notice_preference import move_preferences
from store.base import insert_new
from store.bills.bill import BillRow
from store.customers.customer_reference import join_references
from store.db.event import record
from store.db.row_locks import lock_rows
from store.db.state_change import change_state
from store.heirs.heir import move_heir
from store.issuer import lock_issuer

AccountDecision = Literal["same", "other", "new_holder"]
ACCOUNT_DECISIONS: Final[tuple[AccountDecision, ...]] = ("same", "other", "new_holder")
#: `done`; `known`: decided the same way before; `late`: decided otherwise, or there is no such question.
AccountAnswer = Literal["done", "known", "late"]


class QuestionDecision(NamedTuple):
    """A person's decision on a question: who, why and when."""

    decision: AccountDecision
    by: str
    reason: str
    at: datetime


class QuestionResolution(NamedTuple):
    """The result, and the bills that moved to another account: their channel is chosen again."""

    answer: AccountAnswer
    moved: Sequence[int] = ()


def decide_question(session: Session, question_id: int, verdict: QuestionDecision) -> QuestionResolution:
    """Decide one question. A decision is final; making the same one again does nothing."""
    question = session.get(AccountQuestion, question_id)
    if question is None:
        return QuestionResolution("late")
    lock_issuer(session, question.issuer_id)
    session.refresh(question)
    if question.state != "open":
        return QuestionResolution("known" if question.state == verdict.decision else "late")
    change_state(
        session, AccountQuestion, question.id, "open", verdict.decision, verdict.at, by=verdict.by, why=verdict.reason,
        decided_by=verdict.by, reason=Reason.said(verdict.reason), decided_at=verdict.at,
    )  # fmt: skip
    held, other = _locked(session, question.held_id, question.other_id)
    match verdict.decision:
        case "same":
            return QuestionResolution("done", _join(session, held, other, verdict))
        case "other":
            _keep_apart(session, other, verdict)
        case "new_holder":
            _pass_on(session, held, other, verdict)
    return QuestionResolution("done")


def _locked(session: Session, *account_ids: int) -> list[CustomerAccount]:
    """Lock these accounts: nobody claims them or consents for them before this transaction ends."""
    lock_rows(session, CustomerAccount, CustomerAccount.id.in_(account_ids))
    return [session.get_one(CustomerAccount, each, populate_existing=True) for each in account_ids]


def _keep_apart(session: Session, other: CustomerAccount, verdict: QuestionDecision) -> None:
    """Keep the other account separate: this person's bills under the number go to it, and no question is asked
    again."""
    other.standing = "apart"
    record(session, "account", other.id, "kept apart", verdict.at, by=verdict.by, why=verdict.reason)


def _pass_on(session: Session, held: CustomerAccount, other: CustomerAccount, verdict: QuestionDecision) -> None:
    """Pass the number to the other account. GDPR art. 5.1.f: the former holder keeps their own bills and sees none of
    the new ones; the new holder sees none of theirs."""
    held.standing, other.standing = "former", "own"
    record(session, "account", held.id, "number passed on", verdict.at, by=verdict.by, why=verdict.reason)
    passed_on = NewNotice(
        account_id=held.id, kind="passed_on", at=verdict.at, by=verdict.by, channel="staff", basis="decision",
        words=verdict.reason,
    )  # fmt: skip
    append_notice(session, passed_on)
    for holder in holders_of(session, [held.id]).get(held.id, []):
        end_grants_on(session, held.id, holder.id, verdict.at, verdict.by)
    record(session, "account", other.id, "number taken over", verdict.at, by=verdict.by, why=verdict.reason)
    _ask_of(session, held, other)


def _join(session: Session, held: CustomerAccount, other: CustomerAccount, verdict: QuestionDecision) -> list[int]:
    """Move everything of the other account to the held one; returns the ids of the bills moved. Archived documents stay
    encrypted with the other account's key, which stays there (`store.vault.pdf_segment`: a record names its key)."""
    moved = lock_rows(session, BillRow, BillRow.account_id == other.id)
    session.execute(
        update(BillRow).where(BillRow.account_id == other.id).values(account_id=held.id),
        execution_options={"synchronize_session": False},
    )
    _move_holders(session, held, other, verdict)
    _move_consents(session, held, other)
    move_notices(session, other.id, held.id)
    join_references(session, held.id, other.id, verdict.at.date())
    if other.as_of >= held.as_of:
        held.holder, held.address, held.as_of = other.holder, other.address, other.as_of
        held.mended_address, held.mended_at = other.mended_address, other.mended_at
        held.value, held.scheme = other.value, other.scheme or held.scheme
        held.person_key = person_key(held.holder, held.sent_address.postcode)
    held.start_baseline()
    other.standing, other.joined_id, other.paperless, other.paperless_since = "joined", held.id, False, None
    session.flush()
    session.execute(
        update(CustomerAccount).where(CustomerAccount.joined_id == other.id).values(joined_id=held.id),
        execution_options={"synchronize_session": False},
    )
    _ask_of(session, other, held)
    why = Reason.of("joined_with", words=verdict.reason, account_id=other.id)
    record(session, "account", other.id, "joined", verdict.at, by=verdict.by, why=verdict.reason)
    record(session, "account", held.id, "joined by another", verdict.at, by=verdict.by, why=why)
    return moved


def _move_holders(session: Session, held: CustomerAccount, other: CustomerAccount, verdict: QuestionDecision) -> None:
    """Enrol the other account's holders in the held one, and notify those who hold it already. A suspended holder stays
    suspended, and the dispute goes on; an heir stays an heir."""
    at, holding = verdict.at, (Enrolment.account_id == other.id, Enrolment.ended_at.is_(None))
    for consumer in holders_of(session, [other.id]).get(other.id, []):
        if enrol(session, consumer.id, held.id, at):
            move_heir(session, consumer.id, other.id, held.id)
            record(
                session, "account", held.id, "enrolled", at, by=f"consumer {consumer.id}", why=Reason("accounts_joined")
            )
            notify_other_holders(session, held, consumer, "joined", at)
    _move_disputes(session, held, other, at)
    for consumer_id in session.scalars(select(Enrolment.consumer_id).where(*holding)).all():
        end_holding(session, consumer_id, other.id, at, verdict.by)
    session.execute(update(HolderNotice).where(HolderNotice.account_id == other.id).values(account_id=held.id))
    move_preferences(session, other.id, held.id)


def _move_disputes(session: Session, held: CustomerAccount, other: CustomerAccount, at: datetime) -> None:
    """Move open disputes to the held account. One whose suspended person holds that account by right is lifted."""
    for dispute in disputes_on(session, [other.id]):
        row = {
            "consumer_id": dispute.later_id, "account_id": held.id, "enrolled_at": at, "ended_at": None,
            "suspended_at": dispute.opened_at,
        }  # fmt: skip
        if insert_new(session, Enrolment, [row]) == 1:
            move_heir(session, dispute.later_id, other.id, held.id)
            session.execute(update(Dispute).where(Dispute.id == dispute.id).values(account_id=held.id))
        else:
            why = Reason("accounts_joined")
            change_state(
                session, Dispute, dispute.id, "open", "lifted", at, why=why, decided_by="road", reason=why,
                settled_at=at,
            )  # fmt: skip


def _move_consents(session: Session, held: CustomerAccount, other: CustomerAccount) -> None:
    """Move the consents; the last act of either account is in force."""
    session.execute(update(Consent).where(Consent.account_id == other.id).values(account_id=held.id))
    last = select(Consent).where(Consent.account_id == held.id).order_by(Consent.at.desc(), Consent.id.desc())
    consent = session.scalar(last.limit(1))
    if consent is not None:
        held.paperless = consent.act == "paperless"
        held.paperless_since = consent.at if held.paperless else None


def _ask_of(session: Session, before: CustomerAccount, now: CustomerAccount) -> None:
    """Move open questions from one held account to another, which has the number or the bills now."""
    asked = select(AccountQuestion).where(AccountQuestion.held_id == before.id, AccountQuestion.state == "open")
    for question in session.scalars(asked).all():
        question.held_id, question.held_holder, question.held_address = now.id, now.holder, now.address
    session.flush()
