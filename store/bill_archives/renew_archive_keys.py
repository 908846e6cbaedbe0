"""Encrypt the keys of archives of bills anew under the present root, after the root was replaced."""

from sqlalchemy import select

from store.bill_archives.bill_archive import BillArchive
from store.store import Store
from store.vault.encryption import DecryptionFailed


def renew_archive_keys(store: Store) -> int:
    """Renew all keys that are not under the present root. Returns how many. An archive whose root is gone stays as it
    is: its page offers to prepare another."""
    renewed = 0
    with store.writing() as session:
        for row in session.scalars(select(BillArchive).order_by(BillArchive.id).with_for_update(key_share=True)):
            if store.encryptor.is_present(row.encrypted_key):
                continue
            try:
                row.encrypted_key = store.encryptor.renew_key(row.encrypted_key)
            except DecryptionFailed:
                continue
            renewed += 1
    return renewed
