"""Consents: what an account's holder accepted or withdrew, in which wording, when, where and on what legal basis. Rows
never change; `account.paperless` repeats the last one."""

from datetime import datetime
from typing import Final, Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.accounts.customer_account import CustomerAccount
from store.accounts.legal_basis import LEGAL_BASES, LegalBasis
from store.base import Base
from store.db.event import record
from store.outbox.account_events import record_account_event

ConsentChoice = Literal["paperless", "paper"]
_BY_DEFAULT: Final = text("basis = 'default_on'")


class Consent(Base):
    """One act of consent. `paperless` accepts electronic bills instead of paper; `paper` withdraws that, which is free
    and possible at any time (C. conso. L224-12; arrêté du 31 décembre 2013 for telecoms).

    *basis* says by what right (`store.accounts.legal_basis`): without the holder's own act there is no *consumer_id*,
    and *by* says who acted."""

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint("act IN ('paperless', 'paper')", name="act"),
        CheckConstraint(f"basis IN {LEGAL_BASES}", name="basis"),
        Index("ix_consent_account_id", "account_id"),
        Index("ix_consent_default_on", "account_id", sqlite_where=_BY_DEFAULT, postgresql_where=_BY_DEFAULT),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    consumer_id: Mapped[int | None] = mapped_column(ForeignKey("consumer.id"))
    act: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime]
    wording: Mapped[str] = mapped_column(String(40))  # the version of the accepted text
    way: Mapped[str] = mapped_column(String(20), default="portal")  # the channel it was given by
    basis: Mapped[str] = mapped_column(String(12), default="consent", server_default="consent")
    by: Mapped[str] = mapped_column(String(200), default="", server_default="")  # who acted


#: The event that an issuer is told of a choice by.
_EVENTS: Final[dict[ConsentChoice, str]] = {"paperless": "account.paperless_chosen", "paper": "account.paper_chosen"}


def give(
    session: Session, account: CustomerAccount, consumer_id: int | None, act: ConsentChoice, at: datetime,
    wording: str, *, basis: LegalBasis = "consent", way: str = "portal", by: str = "",
) -> bool:  # fmt: skip
    """Record a consent or its withdrawal and update the account. Returns False if the account is in that state
    already. *by* is who acted, where it is not the consumer."""
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
    who = by or f"consumer {consumer_id}"
    row = Consent(
        account_id=account.id, consumer_id=consumer_id, act=act, at=at, wording=wording, way=way, basis=basis, by=who
    )
    session.add(row)
    record(session, "account", account.id, act, at, by=who, why=wording)
    told = "account.paperless_by_default" if basis == "default_on" else _EVENTS[act]
    actor = "issuer" if basis == "default_on" else "operator" if way == "staff" else "holder"
    record_account_event(session, account, told, at, actor=actor)
    return True
