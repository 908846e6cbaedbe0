"""Encrypt the accounts' keys anew under the present root, after the root was replaced. The documents stay as they are.

Goes on where it was interrupted: an account whose key is under the present root is passed over.
"""

from collections.abc import Callable
from typing import Final, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from store.accounts.customer_account import CustomerAccount
from store.db.row_locks import lock_rows
from store.store import Store
from store.vault.encryption import DecryptionFailed, Encryptor, key_head
from store.vault.root_use import is_account_key, key_head_of_row

#: Accounts in one transaction.
_GROUP: Final = 1000


class KeysRenewed(NamedTuple):
    """How many keys were renewed, and the accounts (ids) whose key no root opens."""

    number: int
    unreadable: list[int]


def renew_account_keys(store: Store, tell: Callable[[int], None] = lambda _: None) -> KeysRenewed:
    """Renew all keys that are not under the present root; *tell* is called with the number of each group."""
    number, unreadable, after = 0, list[int](), 0
    while True:
        with store.writing() as session:
            ids = _next_accounts(session, store.keys.present.id, after)
            if not ids:
                return KeysRenewed(number, unreadable)
            failed = _renew(session, store.encryptor, ids)
        number, after = number + len(ids) - len(failed), ids[-1]
        unreadable += failed
        tell(len(ids))


def _next_accounts(session: Session, root_id: str, after: int) -> list[int]:
    others = (CustomerAccount.id > after, is_account_key(), key_head_of_row() != key_head(root_id))
    query = select(CustomerAccount.id).where(*others).order_by(CustomerAccount.id).limit(_GROUP)
    ids = session.scalars(query).all()
    return lock_rows(session, CustomerAccount, CustomerAccount.id.in_(ids)) if ids else []


def _renew(session: Session, encryptor: Encryptor, ids: list[int]) -> list[int]:
    """Returns the accounts whose key cannot be read."""
    keys = session.execute(select(CustomerAccount.id, CustomerAccount.encrypted_key).where(CustomerAccount.id.in_(ids)))
    renewed, failed = [], []
    for account_id, key in keys:
        try:
            renewed.append({"id": account_id, "encrypted_key": encryptor.renew_key(key)})
        except DecryptionFailed:
            failed.append(account_id)
    if renewed:
        session.execute(update(CustomerAccount), renewed)
    return failed
