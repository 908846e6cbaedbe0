"""Claim an account from the page of the one-bill link on its letter: who has the link has the letter, whose code is
filled in for them."""

from datetime import datetime

from sqlalchemy.orm import Session

from consumers.account_claim import Claimed, ClaimRefused, claim_account
from consumers.claim_code import letter_code
from consumers.one_bill_access import LinkedBill
from store.accounts.consumer import Consumer
from store.vault.key_ring import KeyRing


def claim_by_link(
    session: Session, keys: KeyRing, consumer: Consumer, linked: LinkedBill, now: datetime
) -> Claimed | ClaimRefused:  # fmt: skip
    """Claim the account as `claim_account` does with the letter's code. Raises RootMissing if the root that made the
    code is not configured."""
    code = letter_code(keys, linked.delivery)
    return claim_account(session, consumer, linked.issuer.id, linked.account.asked_number, code, now)
