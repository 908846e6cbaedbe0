"""Encrypt the IBANs of direct debit mandates anew under the present root, after the root was replaced."""

from typing import Final

from sqlalchemy import select

from store.payments.debit_mandate import DebitMandate
from store.store import Store
from store.vault.encryption import DecryptionFailed
from store.vault.key_ring import MANDATES, RootMissing

_GROUP: Final = 1000


def renew_mandate_ibans(store: Store) -> list[int]:
    """Renew all IBANs that are not under the present root, a thousand in a transaction. Returns the mandates (ids)
    whose IBAN no root opens."""
    unreadable, after = [], 0
    while True:
        with store.writing() as session:
            query = select(DebitMandate).where(DebitMandate.id > after).order_by(DebitMandate.id).limit(_GROUP)
            rows = session.scalars(query.with_for_update(key_share=True)).all()
            for row in rows:
                try:
                    row.encrypted_iban = store.encryptor.renew_secret(MANDATES, row.encrypted_iban, row.secret_name)
                except (DecryptionFailed, RootMissing):
                    unreadable.append(row.id)
            if not rows:
                return unreadable
            after = rows[-1].id
