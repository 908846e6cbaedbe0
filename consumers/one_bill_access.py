"""Which bill a one-bill link opens now, and what ends it.

It opens for some weeks after the bill is due, while the delivery that carried it has reached its addressee and nobody
else has come to the account since.
"""

from datetime import datetime, time, timedelta
from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session, undefer

from consumers.one_bill_link import delivery_of_token
from store.accounts.account_notice import AccountNotice
from store.accounts.consent import Consent
from store.accounts.consumer import Consumer, Enrolment, is_in_force
from store.accounts.customer_account import CustomerAccount
from store.accounts.holder_dispute import Dispute
from store.accounts.phone import Phone
from store.bills.bill import PRESENTABLE, BillRow
from store.customers.customer_reference import CustomerReference
from store.delivery import Delivery
from store.issuer import Issuer
from store.vault.key_ring import KeyRing

#: A link opens its bill until so long after the last day to pay,
AFTER_DUE: Final = timedelta(days=30)
#: and for so long at least, from the day that it was sent;
AT_LEAST: Final = timedelta(days=60)
#: but never longer than the code on a letter (`consumers.account_claim.CODE_LIFE`).
AT_MOST: Final = timedelta(days=180)


class LinkedBill(NamedTuple):
    """The bill that a link opens, with what carried the link there. *until*: when it closes by itself."""

    delivery: Delivery
    bill: BillRow
    issuer: Issuer
    account: CustomerAccount
    until: datetime

    @property
    def is_claimable(self) -> bool:
        """Whether the link came with a letter that was handed over, whose code may claim the account."""
        return self.delivery.channel == "paper" and self.delivery.claim_digest is not None


def linked_bill(session: Session, keys: KeyRing, token: str, now: datetime) -> LinkedBill | None:
    """The bill that this token opens now. None for a token that is not ours, has expired or was revoked: nobody is told
    which, and all are looked for by the same query."""
    written = func.coalesce(Delivery.sent_at, Delivery.made_at)
    query = (
        select(Delivery, BillRow, Issuer, CustomerAccount, CustomerReference.died_on)
        .join(BillRow, BillRow.id == Delivery.bill_id)
        .join(Issuer, Issuer.id == BillRow.issuer_id)
        .join(CustomerAccount, CustomerAccount.id == BillRow.account_id)
        .outerjoin(CustomerReference, CustomerReference.account_id == CustomerAccount.id)
        .where(Delivery.id == delivery_of_token(keys, token), *_stands(written), *_undisturbed(written))
        .options(undefer(BillRow.content))
    )
    found = session.execute(query).first()
    if found is None:
        return None
    delivery, bill, issuer, account, died_on = found
    decided = account.bereavement_decision
    if died_on is not None and (decided is None or decided.verdict != "alive"):
        return None
    until = _until(delivery, bill)
    return LinkedBill(delivery, bill, issuer, account, until) if now < until else None


def _until(delivery: Delivery, bill: BillRow) -> datetime:
    sent = delivery.sent_at or delivery.made_at
    last_day = bill.last_due_date or bill.due_date or bill.issue_date
    after_due = datetime.combine(last_day, time(), sent.tzinfo) + AFTER_DUE
    return min(max(after_due, sent + AT_LEAST), sent + AT_MOST)


def _stands(written: ColumnElement[datetime]) -> list[ColumnElement[bool]]:
    """SQL conditions: the bill may be shown, the delivery was not cancelled, bounced or returned, the account is still
    its customer's, and whoever the delivery was to holds it and is still where it was *written* to."""
    holds = exists(
        select(Enrolment.account_id).where(
            Enrolment.account_id == BillRow.account_id, Enrolment.consumer_id == Delivery.person_id, is_in_force()
        )
    )
    lost_mailbox = exists(
        select(Consumer.id).where(Consumer.id == Delivery.person_id, Consumer.mail_failed_at.is_not(None))
    )
    has_phone = exists(
        select(Phone.consumer_id).where(
            Phone.consumer_id == Delivery.person_id, Phone.confirmed_at <= written, Phone.failed_at.is_(None)
        )
    )
    return [
        BillRow.state.in_(PRESENTABLE),
        Delivery.state.not_in(["failed", "cancelled"]),
        CustomerAccount.standing.not_in(["former", "joined"]),
        or_(Delivery.person_id.is_(None), holds),
        or_(Delivery.channel != "email", ~lost_mailbox),
        or_(Delivery.channel != "sms", has_phone),
    ]


def _undisturbed(written: ColumnElement[datetime]) -> list[ColumnElement[bool]]:
    """SQL conditions: since the link was *written* nobody else has claimed the account, and nobody has objected or gone
    back to paper; no dispute of its holders is open."""
    claimed = exists(
        select(Enrolment.account_id).where(
            Enrolment.account_id == BillRow.account_id, Enrolment.enrolled_at >= written,
            Enrolment.consumer_id.is_distinct_from(Delivery.person_id),
        )
    )  # fmt: skip
    objected = exists(
        select(AccountNotice.id).where(
            AccountNotice.account_id == BillRow.account_id, AccountNotice.kind == "objected",
            AccountNotice.at >= written,
        )
    )  # fmt: skip
    withdrawn = exists(
        select(Consent.id).where(
            Consent.account_id == BillRow.account_id, Consent.act == "paper", Consent.at >= written,
            Consent.basis.in_(["consent", "objection"]),
        )
    )  # fmt: skip
    disputed = exists(select(Dispute.id).where(Dispute.account_id == BillRow.account_id, Dispute.state == "open"))
    return [~claimed, ~objected, ~withdrawn, ~disputed]
