"""Why a bill cannot be sent again: its customer has died, its letter is under way or held, no address works."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from bill import Reason
from delivery.channels.email.mail_addresses import mail_addresses
from delivery.channels.paper.address_obstacles import address_obstacle
from delivery.channels.paper.letter_address import letter_address
from delivery.notices.notice_preference import preferences_of
from store.accounts.address_suppression import suppressions_of
from store.accounts.consumer import holders_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.withdrawal import withdrawals_of
from store.bills.bill import BillRow
from store.customers.customer_reference import references_of
from store.delivery import Delivery
from store.issuer import Issuer


def email_readers(session: Session, bill: BillRow) -> tuple[list[int], Reason | None]:
    """The holders of the bill's account whom an e-mail reaches; where it reaches none, why."""
    account = session.get_one(CustomerAccount, bill.account_id, populate_existing=True)
    if (obstacle := _death(session, account, to_estate=False)) is not None:
        return [], obstacle
    if not account.paperless and withdrawals_of(session, [account.id]):
        return [], Reason("paper_after_withdrawal")
    holders = holders_of(session, [account.id]).get(account.id, [])
    addresses = mail_addresses(session, holders)
    preferences = preferences_of(session, {(each.id, account.id) for each in holders})
    works = [each.id for each in holders if not isinstance(addresses[each.id], Reason)]
    chosen = [each for each in works if "email" in preferences[each, account.id].channels]
    if chosen:
        return chosen, None
    if not holders:
        return [], Reason("account_unclaimed")
    broken = [each for each in addresses.values() if isinstance(each, Reason)]
    return [], Reason("no_channel_chosen") if works else broken[0]


def letter_obstacle(session: Session, bill: BillRow, letters: Sequence[Delivery]) -> Reason | None:
    """Why no letter of this bill can leave, whose *letters* were planned or sent until now; None when one can."""
    account = session.get_one(CustomerAccount, bill.account_id, populate_existing=True)
    if (obstacle := _death(session, account, to_estate=True)) is not None:
        return obstacle
    replaced = {each.replaces_id for each in letters}
    if any(each.state in ("ready", "attempting", "in_doubt") for each in letters):
        return Reason("again_letter_under_way")
    if any(each.state == "failed" and each.id not in replaced for each in letters):
        return Reason("again_letter_held")
    address = letter_address(account, session.get_one(Issuer, bill.issuer_id), bill, "FR")
    return address_obstacle(address, suppressions_of(session, [account.id]).get(account.id, ()))


def _death(session: Session, account: CustomerAccount, *, to_estate: bool) -> Reason | None:
    """Why nothing is sent to a customer who has died, as the issuer says: a letter goes *to_estate* once a person has
    said where; a customer whom a person found alive is written to."""
    decision = account.bereavement_decision
    if decision is not None:
        return {
            "alive": None, "held": Reason("bills_kept_after_death"),
            "estate": None if to_estate else Reason("letter_to_estate"),
        }[decision.verdict]  # fmt: skip
    reference = references_of(session, [account.id]).get(account.id)
    has_died = reference is not None and reference.died_on is not None
    return Reason("holder_died") if has_died else None
