"""Report duplicate accounts: accounts of one issuer that likely belong to one person, by name and postcode.

Only suggests; merges nothing.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bill import person_key, warning
from feeds.accounts.account_side import AccountSide, unpack_address
from store.accounts.customer_account import CustomerAccount
from store.feeds.item import Item, PlacedFinding, keep_findings

DUPLICATE_ACCOUNT_RULE: Final = "DQ-PERSON-TWICE"
_NUMBERED: Final = "'{holder}' of this postcode already has the account {account}: the same person?"
_UNNUMBERED: Final = "'{holder}' of this postcode already has an account without a number: the same person?"


def report_duplicate_accounts(
    session: Session, issuer_id: int, feed_id: int, opened: Mapping[int, AccountSide], items: Mapping[int, Item]
) -> None:
    """Store a warning for each new account whose holder already had one; *opened* is by the item that opened it."""
    persons = {seq: person_key(side.holder, unpack_address(side.address).postcode) for seq, side in opened.items()}
    keys = {key for key in persons.values() if key}
    if not keys:
        return
    query = (
        select(CustomerAccount.person_key, CustomerAccount.id, CustomerAccount.term, CustomerAccount.value)
        .where(CustomerAccount.issuer_id == issuer_id, CustomerAccount.person_key.in_(keys))
        .where(CustomerAccount.standing != "joined")
        .order_by(CustomerAccount.id)
    )
    eldest: dict[str, tuple[int, str]] = {}
    for key, account_id, term, value in session.execute(query):
        eldest.setdefault(key, (account_id, "" if term == "address" else value))
    said: list[PlacedFinding] = []
    for seq, side in opened.items():
        account_id, number = eldest.get(persons[seq], (side.id, ""))
        if account_id != side.id:
            values = {"holder": side.holder[:60], "account": number}
            duplicate = warning(DUPLICATE_ACCOUNT_RULE, _NUMBERED if number else _UNNUMBERED, "BT-44, BT-53", **values)
            said.append((seq, items[seq].number, duplicate))
    keep_findings(session, feed_id, said)
