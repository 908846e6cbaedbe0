"""Withdrawals: when accounts that did without paper asked for it again."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.accounts.consent import Consent


def withdrawals_of(session: Session, account_ids: Collection[int]) -> dict[int, datetime]:
    """When each of these accounts went back to paper; one that never did, or does without it again, is left out."""
    query = select(Consent.account_id, Consent.act, Consent.at).where(Consent.account_id.in_(account_ids))
    last = {account_id: (act, at) for account_id, act, at in session.execute(query.order_by(Consent.at, Consent.id))}
    return {account_id: at for account_id, (act, at) in last.items() if act == "paper"}
