"""A holder signs a SEPA direct debit mandate for an account's issuer; whoever signed revokes it as easily. The issuer
collects; we never move money."""

from datetime import date, datetime
from hashlib import sha256
from typing import Final, Literal, NamedTuple

from sqlalchemy.orm import Session

from bill.payment.iban import closed_iban, is_iban, is_in_sepa
from consumers.mandate_endings import is_over
from consumers.mandate_wording import mandate_version
from store.accounts.consumer import is_holder
from store.accounts.customer_account import CustomerAccount
from store.base import insert_new
from store.db.event import record
from store.db.state_change import change_state
from store.job import request_job
from store.outbox.account_events import record_account_event
from store.payments.debit_mandate import DebitMandate, iban_secret_name, mandates_in_force, new_umr
from store.vault.encryption import Encryptor
from store.vault.key_ring import MANDATES

LONGEST_NAME: Final = 70

#: `signed`. `iban`: no IBAN that SEPA direct debits reach. `name`, `signature`, `box`: not given. `open`: a mandate is
#: in force already. `over`: the contract is. `not_a_holder`: the account is somebody else's.
Signing = Literal["signed", "iban", "name", "signature", "box", "open", "over", "not_a_holder"]


class Creditor(NamedTuple):
    """Who will collect, as the signer reads it: the SEPA creditor identifier, name and address in one line, and the
    days of pre-notification that its mandates agree on, where these are fewer than the rulebook's."""

    identifier: str
    name_and_address: str
    agreed_days: int | None = None


class Signature(NamedTuple):
    """What the signer typed and in which language, whether the box was ticked, and the session it was done in."""

    iban: str
    holder_name: str
    signed_name: str
    is_agreed: bool
    language: str
    session: str


def sign_mandate(
    session: Session, encryptor: Encryptor, account: CustomerAccount, consumer_id: int, creditor: Creditor,
    signature: Signature, today: date, now: datetime,
) -> Signing:  # fmt: skip
    """Store the mandate, tell the issuer's programs, and mail the signer a copy (wake the workers)."""
    if fault := _fault(session, account, consumer_id, signature, today):
        return fault
    iban, umr, creditor_id = closed_iban(signature.iban), new_umr(), creditor.identifier
    values = {
        "issuer_id": account.issuer_id, "account_id": account.id, "consumer_id": consumer_id, "umr": umr,
        "creditor_id": creditor_id, "creditor": creditor.name_and_address[:300],
        "holder_name": signature.holder_name[:LONGEST_NAME], "last_four": iban[-4:],
        "encrypted_iban": encryptor.encrypt_secret(MANDATES, iban.encode(), iban_secret_name(creditor_id, umr)),
        "signed_name": signature.signed_name[:200], "wording": mandate_version(creditor.agreed_days),
        "language": signature.language, "session_sha256": sha256(signature.session.encode()).hexdigest(),
        "signed_at": now, "revoked_at": None,
    }  # fmt: skip
    if not insert_new(session, DebitMandate, [values]):
        return "open"
    mandate = mandates_in_force(session, [account.id])[account.id]
    record(session, "debit_mandate", mandate.id, "signed", now, by=f"consumer {consumer_id}")
    told = {"mandate": mandate.id, "umr": umr, "creditor_id": creditor_id}
    record_account_event(session, account, "mandate.signed", now, **told)
    request_job(session, "mandate", {"mandate_id": mandate.id, "state": "signed"}, now)
    return "signed"


def revoke_mandate(session: Session, account: CustomerAccount, consumer_id: int, now: datetime) -> bool:
    """Revoke the mandate that this consumer signed and that is in force; they and the issuer's programs are told (wake
    the workers). Returns False if there is none: another holder of the account revokes nothing."""
    mandate = mandates_in_force(session, [account.id]).get(account.id)
    if mandate is None or mandate.consumer_id != consumer_id:
        return False
    by = f"consumer {consumer_id}"
    if not change_state(session, DebitMandate, mandate.id, "signed", "revoked", now, by=by, revoked_at=now):
        return False
    told = {"mandate": mandate.id, "umr": mandate.umr, "creditor_id": mandate.creditor_id, "reason": None}
    record_account_event(session, account, "mandate.revoked", now, **told)
    request_job(session, "mandate", {"mandate_id": mandate.id, "state": "revoked"}, now)
    return True


def _fault(
    session: Session, account: CustomerAccount, consumer_id: int, signature: Signature, today: date
) -> Signing | None:
    if not _holds(session, account, consumer_id):
        return "not_a_holder"
    if is_over(session, account, today):
        return "over"
    if not is_iban(signature.iban) or not is_in_sepa(signature.iban):
        return "iban"
    if not signature.holder_name:
        return "name"
    if not signature.signed_name:
        return "signature"
    return None if signature.is_agreed else "box"


def _holds(session: Session, account: CustomerAccount, consumer_id: int) -> bool:
    return is_holder(session, account.id, consumer_id)
