"""Decide, once an account, what becomes of its bills after its issuer said that the customer has died: those held now
and those to come. Nobody is mailed."""

from datetime import datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bill import Reason
from consumers.heirs.end_heir import end_heirs_of_living
from delivery.bereavement_reasons import kept_after_death
from delivery.channels.paper.held_letters import held_letters
from delivery.channels.paper.letter_address import awaits_address
from delivery.channels.paper.print_batch import join_next_batch
from delivery.follow_customer_statements import hold_letters
from store.accounts.account_notice import AccountNoticeKind, NewNotice, append_notice
from store.accounts.bereavement_decision import BereavementDecision, BereavementVerdict, pack_bereavement
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.customers.customer_reference import references_of
from store.db.event import record, record_all
from store.db.row_locks import lock_rows
from store.delivery import Delivery

_KINDS: Final[dict[BereavementVerdict, AccountNoticeKind]] = {
    "estate": "to_estate", "held": "held_after_death", "alive": "not_dead",
}  # fmt: skip
#: Why held letters go on.
_GOES_ON: Final = {"estate": Reason("letter_to_estate"), "alive": Reason("death_taken_back")}


def decide_bereavement(
    session: Session, account_id: int, decision: BereavementDecision, now: datetime
) -> int | None:  # fmt: skip
    """Keep the decision for the account's bills, and apply it to its held letters. A later decision takes its place;
    what the issuer says next of the death ends it. Returns how many letters changed; None where the issuer does not say
    that the customer has died, and then nothing changes."""
    lock_rows(session, CustomerAccount, CustomerAccount.id == account_id)
    reference = references_of(session, [account_id]).get(account_id)
    if reference is None or reference.died_on is None:
        return None
    account = session.get_one(CustomerAccount, account_id, populate_existing=True)
    account.bereavement, account.bereavement_verdict = pack_bereavement(decision), decision.verdict
    record(session, "account", account_id, "bereavement decided", now, by=decision.by, why=decision.reason)
    append_notice(session, NewNotice(
        account_id=account_id, kind=_KINDS[decision.verdict], at=now, by=decision.by, channel="staff", basis="decision",
        words=_words(decision),
    ))  # fmt: skip
    session.flush()
    held = _held(session, account_id)
    if decision.verdict == "alive":
        end_heirs_of_living(session, [account_id], decision.by, decision.reason, now)
    if decision.verdict == "held":
        open_ones = hold_letters(session, [account_id], kept_after_death(decision), now, decision.by)
        return open_ones + _keep(session, held, decision, now)
    return sum(join_next_batch(session, each, decision.by, _GOES_ON[decision.verdict], now) for each in held)


def _held(session: Session, account_id: int) -> list[int]:
    """The ids of the account's letters that wait for a decision, or are kept held by one."""
    bills = select(BillRow.id).where(BillRow.account_id == account_id)
    failed = select(Delivery.id).where(Delivery.bill_id.in_(bills), Delivery.state == "failed")
    waiting = set(session.scalars(failed))
    held = held_letters(session, len(waiting), ids=waiting)
    return [each.delivery.id for each in held if awaits_address(each.delivery)]


def _keep(session: Session, letters: list[int], decision: BereavementDecision, now: datetime) -> int:
    why = kept_after_death(decision)
    if letters:
        mine = update(Delivery).where(Delivery.id.in_(letters), Delivery.state == "failed")
        session.execute(
            mine.values(decided_by=decision.by, reason=why), execution_options={"synchronize_session": False}
        )
        record_all(session, "delivery", letters, "failed", now, by=decision.by, why=why)
    return len(letters)


def _words(decision: BereavementDecision) -> str:
    """Why, and to whom the letters go."""
    address = decision.address
    if address is None:
        return decision.reason
    place = f"{address.postcode} {address.city}".strip()
    lines = (address.line1, address.line2, address.line3, place, address.country)
    return f"{decision.reason} ({', '.join(line for line in lines if line)})"
