"""Load the details that a person needs to decide an account question: both sides' names, addresses, bills and
holders."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bill import PostalAddress
from store.accounts.account_question import AccountQuestion
from store.accounts.consumer import Consumer, Enrolment, is_in_force
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow, stands

#: The number of latest bills shown of each account.
MOST_BILLS: Final = 3


class HeldBy(NamedTuple):
    """A consumer who holds the account, and since when."""

    name: str  # as they gave it
    since: datetime


class QuestionSide(NamedTuple):
    """One side of a question; holder and address as they were when it was asked. *bills* are the latest of
    *bill_count*."""

    account: CustomerAccount
    holder: str
    address: PostalAddress
    bills: Sequence[BillRow]
    bill_count: int
    held_by: Sequence[HeldBy]


class QuestionDetails(NamedTuple):
    """A question with both sides: the account that has the number, and the other."""

    question: AccountQuestion
    held: QuestionSide
    other: QuestionSide


def details_of_questions(session: Session, questions: Sequence[AccountQuestion]) -> list[QuestionDetails]:
    """Load both sides of these questions, in a few queries for all of them."""
    ids = {account_id for question in questions for account_id in (question.held_id, question.other_id)}
    accounts = {each.id: each for each in session.scalars(select(CustomerAccount).where(CustomerAccount.id.in_(ids)))}
    bills, counts, holders = _latest(session, ids), _counts(session, ids), _holders(session, ids)

    def side(account_id: int, holder: str, address: PostalAddress) -> QuestionSide:
        of = account_id
        return QuestionSide(accounts[of], holder, address, bills.get(of, []), counts.get(of, 0), holders.get(of, []))

    return [
        QuestionDetails(
            question,
            side(question.held_id, question.held_holder, question.address_of_held),
            side(question.other_id, question.other_holder, question.address_of_other),
        )
        for question in questions
    ]


def _latest(session: Session, account_ids: Collection[int]) -> dict[int, list[BillRow]]:
    newest_first = (BillRow.issue_date.desc(), BillRow.id.desc())
    place = func.row_number().over(partition_by=BillRow.account_id, order_by=newest_first).label("place")
    placed = select(BillRow.id, place).where(BillRow.account_id.in_(account_ids), stands()).subquery()
    query = select(BillRow).join(placed, placed.c.id == BillRow.id).where(placed.c.place <= MOST_BILLS)
    found: dict[int, list[BillRow]] = {}
    for bill in session.scalars(query.order_by(*newest_first)):
        found.setdefault(bill.account_id, []).append(bill)
    return found


def _counts(session: Session, account_ids: Collection[int]) -> dict[int, int]:
    query = select(BillRow.account_id, func.count()).where(BillRow.account_id.in_(account_ids), stands())
    return dict(row._tuple() for row in session.execute(query.group_by(BillRow.account_id)))


def _holders(session: Session, account_ids: Collection[int]) -> dict[int, list[HeldBy]]:
    query = (
        select(Enrolment.account_id, Consumer.name, Enrolment.enrolled_at)
        .join(Consumer, Consumer.id == Enrolment.consumer_id)
        .where(Enrolment.account_id.in_(account_ids), is_in_force())
        .order_by(Enrolment.enrolled_at, Consumer.id)
    )
    found: dict[int, list[HeldBy]] = {}
    for account_id, name, since in session.execute(query):
        found.setdefault(account_id, []).append(HeldBy(name, since))
    return found
