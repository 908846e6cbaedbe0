"""Consents: what a consumer accepted or withdrew, in which wording, when and where. Rows never change."""

from datetime import datetime
from typing import Final, Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.accounts.customer_account import CustomerAccount
from store.base import Base
from store.db.event import record
from store.outbox.account_events import record_account_event

ConsentChoice = Literal["paperless", "paper"]


class Consent(Base):
    """One act of consent. `paperless` accepts electronic bills instead of paper; `paper` withdraws that, which is free
    and possible at any time (C. conso. L224-12; arrêté du 31 décembre 2013 for telecoms)."""

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint("act IN ('paperless', 'paper')", name="act"),
        Index("ix_consent_account_id", "account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))
    act: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    wording: Mapped[str] = mapped_column(String(40))  # the version of the accepted text
    way: Mapped[str] = mapped_column(String(20), default="portal")


#: The event that an issuer is told of a choice by.
_EVENTS: Final[dict[ConsentChoice, str]] = {"paperless": "account.paperless_chosen", "paper": "account.paper_chosen"}


def give(
    session: Session, account: CustomerAccount, consumer_id: int, act: ConsentChoice, at: datetime, wording: str
) -> bool:
    """Record a consent or its withdrawal and update the account. Returns False if the account is in that state
    already."""
    paperless = act == "paperless"
    changed = session.execute(
        update(CustomerAccount)
        .where(CustomerAccount.id == account.id, CustomerAccount.paperless.is_not(paperless))
        .values(paperless=paperless, paperless_since=at if paperless else None),
        execution_options={"synchronize_session": False},
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        return False
    session.refresh(account, ["paperless", "paperless_since"])
    session.add(Consent(account_id=account.id, consumer_id=consumer_id, act=act, at=at, wording=wording))
    record(session, "account", account.id, act, at, by=f"consumer {consumer_id}", why=wording)
    record_account_event(session, account, _EVENTS[act], at)
    return True
