"""Which roots the store still needs: how many accounts' keys, secrets, mandates' IBANs, push signing keys and secrets
of authenticator apps each has encrypted, and how many letters on their way to the printer have their codes from it.

A letter that was handed over needs no root any more: its row has the digest of its code.
"""

from collections import Counter
from typing import NamedTuple

from sqlalchemy import ColumnElement, LargeBinary, case, func, literal, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from store.accounts.customer_account import CustomerAccount
from store.delivery import BEFORE_ROOTS, Delivery
from store.outbox.webhook_endpoint import WebhookSecret
from store.payments.debit_mandate import DebitMandate
from store.payments.payment_provider import PaymentProvider
from store.sign_in.authenticator_app import AuthenticatorApp
from store.vault.encryption import HEAD_LENGTH, KEY_LENGTH, KEY_LENGTH_0
from store.vault.key_ring import KeyRing
from store.vault.push_signing_key import PushSigningKey


class RootUse(NamedTuple):
    """What needs a root. *root* is its id, or `0` for what was made before roots had ids."""

    root: str
    accounts: int
    letters: int
    webhook_secrets: int = 0
    provider_secrets: int = 0
    mandates: int = 0
    push_keys: int = 0
    authenticator_apps: int = 0


def root_uses(session: Session) -> list[RootUse]:
    """The roots that something needs, by id."""
    uses = (
        _accounts_by_root(session), _letters_by_root(session), _secrets_by_root(session, WebhookSecret.encrypted),
        _secrets_by_root(session, PaymentProvider.secret), _secrets_by_root(session, DebitMandate.encrypted_iban),
        _secrets_by_root(session, PushSigningKey.encrypted), _secrets_by_root(session, AuthenticatorApp.encrypted),
    )  # fmt: skip
    roots = sorted(set().union(*uses))
    return [RootUse(root, *(use[root] for use in uses)) for root in roots]


def missing_roots(session: Session, keys: KeyRing) -> list[RootUse]:
    """The roots that something needs and that are not in the ring."""
    known = {BEFORE_ROOTS, *(root.id for root in keys.roots)}
    return [each for each in root_uses(session) if each.root not in known]


def key_head_of_row() -> ColumnElement[bytes]:
    """SQL: the head of an account's encrypted key; empty for version 0."""
    key = CustomerAccount.encrypted_key
    head = func.substr(key, 1, HEAD_LENGTH, type_=LargeBinary)
    return case((func.length(key) == KEY_LENGTH_0, literal(b"", LargeBinary)), else_=head)


def is_account_key() -> ColumnElement[bool]:
    """SQL condition: the account has a key of a known version."""
    return func.length(CustomerAccount.encrypted_key).in_([KEY_LENGTH_0, KEY_LENGTH])


def _accounts_by_root(session: Session) -> Counter[str]:
    heads = select(key_head_of_row().label("head")).where(is_account_key()).subquery()
    rows = session.execute(select(heads.c.head, func.count()).group_by(heads.c.head))
    return Counter({bytes(head)[1:].hex() or BEFORE_ROOTS: number for head, number in rows})


def _letters_by_root(session: Session) -> Counter[str]:
    on_their_way = (
        Delivery.state == "attempting", Delivery.channel == "paper", Delivery.code_root.is_not(None),
    )  # fmt: skip
    rows = session.execute(select(Delivery.code_root, func.count()).where(*on_their_way).group_by(Delivery.code_root))
    return Counter({root: number for root, number in rows if root is not None})


def _secrets_by_root(session: Session, encrypted: InstrumentedAttribute[bytes]) -> Counter[str]:
    heads = session.scalars(select(func.substr(encrypted, 1, HEAD_LENGTH, type_=LargeBinary)))
    return Counter(bytes(head)[1:].hex() for head in heads)
