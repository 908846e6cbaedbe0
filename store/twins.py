"""Twins: accounts of one issuer that are likely one person's, by name and postcode. Suggestions, never a merger."""

from collections.abc import Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bill import warning
from store.account import AccountKey, CustomerAccount
from store.item import Item, Said, keep_findings

TWINS_RULE: Final = "DQ-PERSON-TWICE"
_NUMBERED: Final = "'{holder}' of this postcode already has the account {account}: the same person?"
_UNNUMBERED: Final = "'{holder}' of this postcode already has an account without a number: the same person?"


def tell_twins(
    session: Session, feed_id: int, opened: Sequence[CustomerAccount], first_items: dict[AccountKey, Item]
) -> None:
    """A warning for each account just opened whose holder already had one: *first_items* is what opened it."""
    keys = {account.person_key for account in opened if account.person_key}
    if not keys:
        return
    issuer_id = opened[0].issuer_id
    query = (
        select(CustomerAccount.person_key, CustomerAccount.id, CustomerAccount.term, CustomerAccount.value)
        .where(CustomerAccount.issuer_id == issuer_id, CustomerAccount.person_key.in_(keys))
        .order_by(CustomerAccount.id)
    )
    eldest: dict[str, tuple[int, str]] = {}
    for key, account_id, term, value in session.execute(query):
        eldest.setdefault(key, (account_id, "" if term == "address" else value))
    said: list[Said] = []
    for account in opened:
        account_id, number = eldest.get(account.person_key, (account.id, ""))
        if account_id != account.id:
            item = first_items[account.key]
            values = {"holder": account.holder[:60], "account": number}
            twins = warning(TWINS_RULE, _NUMBERED if number else _UNNUMBERED, "BT-44, BT-53", **values)
            said.append((item.seq, item.number, twins))
    keep_findings(session, feed_id, said)
