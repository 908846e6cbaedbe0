"""A holder says that an account is still theirs after its name or address has changed ("c'est bien moi"): what follows
is compared with it as it is now."""

from collections.abc import Collection
from datetime import datetime
from hashlib import blake2b

from sqlalchemy.orm import Session

from store.accounts.consumer import Consumer, holders_of
from store.accounts.customer_account import CustomerAccount
from store.db.event import record
from store.db.row_locks import ROW_LOCK


def accounts_to_confirm(session: Session, consumer: Consumer, accounts: Collection[CustomerAccount]) -> dict[int, str]:
    """Of these accounts those whose name or address has changed and who may say so: the first of their present holders.
    Each by its id, with the digest of what is confirmed."""
    changed = {each.id: each for each in accounts if each.drifted_on is not None}
    first = {account_id: holders[0].id for account_id, holders in holders_of(session, changed).items()}
    return {each: _digest(account) for each, account in changed.items() if first.get(each) == consumer.id}


def confirm_holder(session: Session, account_id: int, consumer: Consumer, digest: str, now: datetime) -> bool:
    """The first holder confirms name and address as they were shown, which *digest* says. Returns False if they have
    changed again since, or it is not for this person to say."""
    account = session.get_one(CustomerAccount, account_id, with_for_update=ROW_LOCK, populate_existing=True)
    if accounts_to_confirm(session, consumer, [account]).get(account_id) != digest:
        return False
    account.start_baseline()
    record(session, "account", account_id, "holder confirmed", now, by=f"consumer {consumer.id}")
    return True


def _digest(account: CustomerAccount) -> str:
    return blake2b(account.holder.encode() + b"\n" + account.address, digest_size=8).hexdigest()
