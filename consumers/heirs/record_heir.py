"""A named person records that a consumer is heir of an account whose customer has died.

The heir holds the account: reads its bills and may pay what is open. Nothing goes on by itself that the dead person
chose: bills go without paper no longer. Where letters go is decided apart (`delivery.decide_bereavement`).
"""

from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from consumers.heirs.heir_document import HeirDocument
from consumers.paperless_consent import BACK_TO_PAPER
from store import Store
from store.accounts.account_notice import NewNotice, append_notice
from store.accounts.consent import give
from store.accounts.consumer import Consumer, enrol, is_holder, is_suspended
from store.accounts.customer_account import CustomerAccount
from store.accounts.joint_holder_notice import notify_holder, notify_other_holders
from store.customers.customer_reference import has_died
from store.db.event import record
from store.db.row_locks import ROW_LOCK
from store.heirs.heir import Heir
from store.outbox.account_events import record_holder_event

#: `not_confirmed`: they have confirmed no e-mail address here. `alive`: the issuer does not say that the customer has
#: died, or a person decided that this was wrong. `holds`: they hold the account already. `suspended`: somebody, or the
#: issuer, has suspended them from it.
HeirRefused = Literal["not_confirmed", "alive", "holds", "suspended"]


def record_heir(
    session: Session, store: Store, account_id: int, consumer_id: int, document: HeirDocument, by: str, now: datetime
) -> Heir | HeirRefused:
    """Record an heir and keep the document, encrypted with the account's key. The heir is told by mail and on their
    page, the other holders too (send the wake-up signal after the commit)."""
    person = session.get_one(Consumer, consumer_id, with_for_update=ROW_LOCK, populate_existing=True)
    account = session.get_one(CustomerAccount, account_id, with_for_update=ROW_LOCK, populate_existing=True)
    if person.confirmed_at is None:
        return "not_confirmed"
    if not has_died(session, account):
        return "alive"
    if is_suspended(session, person.id, account.id):
        return "suspended"
    if is_holder(session, account.id, person.id):
        return "holds"
    enrol(session, person.id, account.id, now, by)
    heir = _keep(session, store, account, person, document, by, now)
    _end_dead_persons_choice(session, account, by, now)
    _tell(session, account, person, heir, now)
    return heir


def _keep(
    session: Session, store: Store, account: CustomerAccount, person: Consumer, document: HeirDocument, by: str,
    now: datetime,
) -> Heir:  # fmt: skip
    heir = Heir(
        account_id=account.id, consumer_id=person.id, document_kind=document.kind, reference=document.reference,
        media_type=document.media_type, at=now, by=by[:200],
    )  # fmt: skip
    session.add(heir)
    session.flush()
    encrypted = store.encryptor.encrypt(account.encrypted_key, document.content, heir.secret_name)
    heir.blob_sha256 = store.blobs.put(encrypted)
    session.flush()
    return heir


def _end_dead_persons_choice(session: Session, account: CustomerAccount, by: str, now: datetime) -> None:
    """Bills without paper were the dead person's choice, and nobody else's."""
    give(session, account, None, "paper", now, BACK_TO_PAPER.version, basis="decision", way="staff", by=by)


def _tell(session: Session, account: CustomerAccount, person: Consumer, heir: Heir, now: datetime) -> None:
    why = f"{heir.document_kind} {heir.reference}"
    append_notice(session, NewNotice(
        account_id=account.id, kind="heir", at=now, consumer_id=person.id, by=heir.by, channel="staff",
        basis="decision", words=heir.reference,
    ))  # fmt: skip
    record(session, "account", account.id, "heir recorded", now, by=heir.by, why=why)
    record(session, "consumer", person.id, "heir recorded", now, by=heir.by, why=why)
    record_holder_event(session, account, "account.claimed", now, "operator")
    notify_holder(session, person.id, account, "heir", account.holder, now)
    notify_other_holders(session, account, person, "heir_joins", now)
