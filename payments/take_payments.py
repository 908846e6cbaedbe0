"""Take payments that bank or issuer told: each is stored once, and matched with bills."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bill.payment.payment_entry import PaymentEntry
from payments.match_payments import match_payments
from store.db.bulk_insert import insert_rows
from store.db.event import record_all
from store.issuer import lock_issuer
from store.payments.payment import PaymentRow, Teller, pack_entry, payments_by_identity
from store.payments.payment_key import keep_payment_keys


def take_payments(
    session: Session, issuer_id: int, entries: Mapping[str, PaymentEntry], told_by: Teller, at: datetime,
    feed_id: int | None = None, places: Mapping[str, int] | None = None,
) -> set[str]:  # fmt: skip
    """Store the entries, given by identity, that nobody told of before, and match them. *places* are their positions in
    the feed. Returns the identities of the new ones."""
    lock_issuer(session, issuer_id)
    known = payments_by_identity(session, issuer_id, entries.keys())
    fresh = {identity: entry for identity, entry in entries.items() if identity not in known}
    if not fresh:
        return set()
    rows = [
        {
            "issuer_id": issuer_id, "identity": identity, "feed_id": feed_id, "item_seq": (places or {}).get(identity),
            "told_by": told_by, "told_at": at, "kind": entry.kind, "amount": entry.amount,
            "currency": entry.currency, "booked_on": entry.booked_on, "content": pack_entry(entry),
            "rest_of_id": None, "account_id": None, "undoes_id": None, "same_as_id": None,
            "decided_at": None, "reason_code": "", "reason_values": None,
        }
        for identity, entry in fresh.items()
    ]  # fmt: skip
    insert_rows(session, PaymentRow, rows)
    taken = {row.id: fresh[row.identity] for row in payments_by_identity(session, issuer_id, fresh.keys()).values()}
    keep_payment_keys(session, issuer_id, sorted(taken.items(), key=lambda each: each[0]))
    record_all(session, "payment", sorted(taken), "told", at, by=told_by)
    match_payments(session, issuer_id, at, payment_ids=taken)
    return set(fresh)
