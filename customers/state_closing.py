"""A named person states the last day of a contract, as a customer file would."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from bill.customer.customer_record import CustomerRecord
from customers.apply_customer_records import AppliedRecord, RecordSource, SourcedRecord, apply_records
from issuers.registry import profile_of
from store.accounts.customer_account import CustomerAccount, KeyMaker
from store.issuer import Issuer, lock_issuer


def state_closing(
    session: Session, account: CustomerAccount, closed_on: date | None, by: str, new_key: KeyMaker, now: datetime
) -> AppliedRecord | None:
    """Keep the last day of an account's contract, or (None) that it goes on. Its bills so far go out and stay where
    they are; what follows a closing, follows (`delivery.relationship`, `consumers.mandate_endings`). Returns what it
    did; None for an account without a number of its own, which no file could name either."""
    if not account.number or account.standing not in {"own", "split"}:
        return None
    lock_issuer(session, account.issuer_id)
    profile = profile_of(session.get_one(Issuer, account.issuer_id))
    source = RecordSource(account.issuer_id, profile.account_term, profile.customers.zone, now, by, actor="operator")
    record = CustomerRecord(number=account.value, term=account.term, scheme=account.scheme, closed_on=closed_on)
    [applied] = apply_records(session, [SourcedRecord(1, record)], source, new_key, now)
    return applied
