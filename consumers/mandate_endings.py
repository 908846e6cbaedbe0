"""Direct debit mandates end by themselves where nobody could answer for them any more: none stays in force silently.

One ends when its signer sees the account no longer, when the account's holder has died, its number has passed on, or
its contract has been over for a while (the last bill may still be collected), and when nothing was collected under it
for 36 months (EPC016-06, SEPA core rulebook). The signer and the issuer are told.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, case, exists, null, or_, select
from sqlalchemy.orm import Session

from bill import Reason
from store.accounts.consumer import Enrolment, is_in_force
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.customers.customer_reference import CustomerReference
from store.db.state_change import change_state
from store.job import request_job
from store.outbox.account_events import record_account_event
from store.payments.bill_key import BillKey
from store.payments.debit_mandate import DebitMandate
from store.payments.payment import PaymentRow
from store.payments.payment_key import PaymentKey

#: After an account's closing its last bill is still written (C. conso. L224-15: within four weeks) and collected.
AFTER_CLOSING: Final = timedelta(days=90)
#: 36 months.
UNUSED_FOR: Final = timedelta(days=1096)
#: Standings of an account (`store.accounts.customer_account`) that is no longer the contract's.
_PASSED_ON: Final = ("former", "joined")


def end_mandates(session: Session, now: datetime, today: date, most: int = 250) -> int:
    """End the mandates that have to, *most* at most; signers and issuers are told (wake the workers). Returns how many
    there were."""
    reasons = _reasons(today)
    first = case(*((condition, n) for n, (_, condition) in enumerate(reasons)))
    mine = (Enrolment.account_id == DebitMandate.account_id, Enrolment.consumer_id == DebitMandate.consumer_id)
    query = (
        select(DebitMandate, first)
        .join(CustomerAccount, CustomerAccount.id == DebitMandate.account_id)
        .outerjoin(CustomerReference, CustomerReference.account_id == DebitMandate.account_id)
        .outerjoin(Enrolment, and_(*mine, is_in_force()))
        .where(DebitMandate.state == "signed", or_(*(condition for _, condition in reasons)))
    )
    found = session.execute(query.order_by(DebitMandate.id).limit(most)).all()
    for mandate, n in found:
        end_mandate(session, mandate, reasons[n][0], now)
    return len(found)


def end_mandate_of_signer(session: Session, account_id: int, consumer_id: int, now: datetime) -> None:
    """End the mandate that this consumer signed for this account, since they see it no longer (wake the workers)."""
    query = select(DebitMandate).where(
        DebitMandate.account_id == account_id, DebitMandate.consumer_id == consumer_id, DebitMandate.state == "signed"
    )
    for mandate in session.scalars(query):
        end_mandate(session, mandate, Reason("mandate_signer_left"), now)


def end_mandate(session: Session, mandate: DebitMandate, why: Reason, now: datetime) -> None:
    """End a mandate; its signer and issuer are told."""
    if not change_state(
        session, DebitMandate, mandate.id, "signed", "ended", now, why=why, revoked_at=now, reason=why
    ):  # fmt: skip
        return
    account = session.get_one(CustomerAccount, mandate.account_id)
    told = {"mandate": mandate.id, "umr": mandate.umr, "creditor_id": mandate.creditor_id, "reason": why.code}
    record_account_event(session, account, "mandate.revoked", now, **told)
    request_job(session, "mandate", {"mandate_id": mandate.id, "state": "ended"}, now)


def is_over(session: Session, account: CustomerAccount, today: date) -> bool:
    """Whether the account's contract is over, or whose its number is waits for a decision: no mandate is signed."""
    if account.standing in (*_PASSED_ON, "provisional"):
        return True
    reference = session.get(CustomerReference, account.id)
    if reference is None:
        return False
    is_dead = reference.died_on is not None and account.bereavement_verdict != "alive"
    return is_dead or (reference.closed_on is not None and reference.closed_on <= today)


def _reasons(today: date) -> list[tuple[Reason, ColumnElement[bool]]]:
    """Why a mandate ends, and when; the first that holds is told."""
    return [
        (Reason("mandate_holder_died"), and_(CustomerReference.died_on.is_not(null()), _is_not_alive())),
        (Reason("mandate_number_passed_on"), CustomerAccount.standing.in_(_PASSED_ON)),
        (Reason("mandate_signer_left"), Enrolment.consumer_id.is_(null())),
        (Reason("mandate_account_closed"), CustomerReference.closed_on <= today - AFTER_CLOSING),
        (Reason("mandate_unused"), _is_unused(today - UNUSED_FOR)),
    ]


def _is_not_alive() -> ColumnElement[bool]:
    """No person has decided that the issuer was wrong about the death."""
    return CustomerAccount.bereavement_verdict != "alive"


def _is_unused(since: date) -> ColumnElement[bool]:
    """Neither signed nor, as bank files or bills tell, used since that day."""
    umr, issuer_id = DebitMandate.umr, DebitMandate.issuer_id
    of_payment = (PaymentKey.issuer_id == issuer_id, PaymentKey.kind == "mandate", PaymentKey.key == umr)
    of_bill = (BillKey.issuer_id == issuer_id, BillKey.kind == "mandate", BillKey.key == umr)
    collected = exists().where(*of_payment, PaymentRow.id == PaymentKey.payment_id, PaymentRow.booked_on >= since)
    billed = exists().where(*of_bill, BillRow.id == BillKey.bill_id, BillRow.issue_date >= since)
    signed_before = DebitMandate.signed_at < datetime.combine(since, time.min, UTC)
    return and_(signed_before, ~collected, ~billed)
