"""Why a letter cannot use its account's address: something is lacking, or mail came back from there. A named person may
say that it can all the same."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from bill import PostalAddress, Reason
from delivery.channels.paper.letter_address import incomplete_address, letter_address
from store.accounts.account_notice import NewNotice, append_notice
from store.accounts.address_suppression import AddressSuppression, lift_suppression, suppression_among
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.db.event import record
from store.db.row_locks import lock_rows
from store.delivery import Delivery
from store.issuer import Issuer


def address_obstacle(address: PostalAddress, suppressions: Iterable[AddressSuppression]) -> Reason | None:
    """Return why no letter can go to this address, with the account's suppressions in force; None when one can."""
    if (lacks := incomplete_address(address)) is not None:
        return lacks
    suppression = suppression_among(suppressions, address)
    return None if suppression is None else address_suppressed(suppression.reason, suppression.at)


def address_suppressed(return_reason: str, at: datetime) -> Reason:
    """Return the reason of a letter whose address is suppressed since then, because another came back so."""
    return Reason.of("address_suppressed", return_reason=return_reason, day=at.date().isoformat())


def use_address_again(session: Session, letter: Delivery, by: str, reason: str, now: datetime) -> bool:
    """Let letters use the address of this letter's account again, since a named person sends one there. Returns False
    if it was not suppressed."""
    bill = session.get_one(BillRow, letter.bill_id)
    lock_rows(session, CustomerAccount, CustomerAccount.id == bill.account_id)
    account = session.get_one(CustomerAccount, bill.account_id, populate_existing=True)
    address = letter_address(account, session.get_one(Issuer, bill.issuer_id), bill, "FR")
    if not lift_suppression(session, account.id, address, now, by):
        return False
    record(session, "account", account.id, "address used again", now, by=by, why=reason)
    append_notice(session, NewNotice(
        account_id=account.id, kind="address_known", at=now, by=by, channel="staff", basis="decision", words=reason
    ))  # fmt: skip
    return True
