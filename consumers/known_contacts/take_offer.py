"""A person answers an offer: the contract is theirs, it is not, or they ask who follows it already."""

from datetime import date, datetime
from typing import Final

from sqlalchemy.orm import Session

from bill import Reason
from consumers.account_claim import Claimed
from consumers.join_request import ask_to_join
from consumers.known_contacts.contract_offer import ContractOffer, KnownBy, contracts_offered
from store.accounts.consumer import Consumer, enrol
from store.accounts.customer_account import CustomerAccount
from store.customers.declined_offer import keep_declined
from store.db.event import record
from store.db.row_locks import ROW_LOCK
from store.outbox.account_events import record_holder_event

_WHY: Final[dict[KnownBy, Reason]] = {"email": Reason("known_email"), "phone": Reason("known_phone")}


def take_offer(session: Session, consumer_id: int, account_id: int, today: date, now: datetime) -> Claimed | None:
    """Let the person hold the account that is offered to them. None if it is not offered (any more), or somebody
    follows it. Send the wake-up signal after the commit."""
    offer = _locked_offer(session, consumer_id, account_id, today)
    if offer is None or offer.state != "free" or not enrol(session, consumer_id, account_id, now):
        return None
    offer.account.start_baseline()
    why = _WHY[offer.known_by]
    record(session, "account", account_id, "enrolled", now, by=f"consumer {consumer_id}", why=why)
    record_holder_event(session, offer.account, "account.claimed", now)
    return Claimed(account_id, True)


def ask_holder_of_offer(session: Session, consumer_id: int, account_id: int, today: date, now: datetime) -> bool:
    """Ask who follows the account whether this person may, too. Returns False if it is not offered (any more). Send the
    wake-up signal after the commit."""
    offer = _locked_offer(session, consumer_id, account_id, today)
    if offer is None or offer.state == "free":
        return False
    ask_to_join(session, account_id, session.get_one(Consumer, consumer_id), now)
    return True


def decline_offer(session: Session, consumer_id: int, account_id: int, today: date, now: datetime) -> bool:
    """The contract is not this person's: it is not offered to them again. Returns False if it was not offered."""
    return _locked_offer(session, consumer_id, account_id, today) is not None and keep_declined(
        session, consumer_id, account_id, now
    )


def _locked_offer(session: Session, consumer_id: int, account_id: int, today: date) -> ContractOffer | None:
    """The offer of this account, which is locked against other claims."""
    person = session.get_one(Consumer, consumer_id, with_for_update=ROW_LOCK, populate_existing=True)
    if session.get(CustomerAccount, account_id, with_for_update=ROW_LOCK, populate_existing=True) is None:
        return None
    offers = contracts_offered(session, person, today)
    return next((each for each in offers if each.account.id == account_id), None)
