"""Withdrawals: when the holders of accounts without paper asked for it again."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.accounts.consent import Consent

#: Legal bases of a return to paper that somebody chose.
_CHOSEN: Final = frozenset({"consent", "objection"})


def withdrawals_of(session: Session, account_ids: Collection[int]) -> dict[int, datetime]:
    """When each of these accounts went back to paper by a holder's choice; one that never did, or does without paper
    again, is left out."""
    given = select(Consent).where(Consent.account_id.in_(account_ids)).order_by(Consent.at, Consent.id)
    last = {each.account_id: each for each in session.scalars(given)}
    return {each.account_id: each.at for each in last.values() if each.act == "paper" and each.basis in _CHOSEN}
