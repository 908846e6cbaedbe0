"""Notices to the holders of a shared account: what another holder or the issuer did. Shown until dismissed."""

from datetime import datetime
from typing import Final, Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, exists, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.accounts.consumer import Consumer, Enrolment, holders_of, holdings_of, is_in_force
from store.accounts.customer_account import CustomerAccount
from store.accounts.told_name import told_name
from store.base import Base
from store.issuer import Issuer
from store.job import request_job

#: What somebody else did: came to hold the account too, did without paper, had it back, `asks` to hold it too, welcomed
#: the reader who had asked; what became of a suspension: taken back by who had suspended, or (by the issuer) `restored`
#: to the reader, `kept` for the other, ended for the reader. `moved`: stated another postal address.
#: After a death: the reader is recorded as `heir`, somebody else is (`heir_joins`), the reader is no longer.
NOTICE_KINDS: Final = (
    "joined", "paperless", "paper", "asks", "welcomed", "lifted", "restored", "kept", "removed", "moved",
    "heir", "heir_joins", "heir_ended",
)  # fmt: skip
NoticeKind = Literal[
    "joined", "paperless", "paper", "asks", "welcomed", "lifted", "restored", "kept", "removed", "moved",
    "heir", "heir_joins", "heir_ended",
]  # fmt: skip

#: What is told to somebody who no longer holds the account.
_TAKEN_OUT: Final = ("removed", "heir_ended")


class HolderNotice(Base):
    """One notice to one consumer about an account; *name* is who acted, as the reader may see it, and "" once they were
    erased."""

    __tablename__ = "holder_notice"
    __table_args__ = (
        CheckConstraint(f"kind IN {NOTICE_KINDS}", name="kind"),
        Index("ix_holder_notice_consumer_id_seen_at", "consumer_id", "seen_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    consumer_id: Mapped[int] = mapped_column(ForeignKey("consumer.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200), default="")
    asker_id: Mapped[int | None] = mapped_column(ForeignKey("consumer.id"))  # of `asks`: who would hold it too
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]


def unseen_notices(session: Session, consumer_id: int) -> list[tuple[HolderNotice, CustomerAccount, Issuer]]:
    """A consumer's notices that are not dismissed yet, oldest first, with account and issuer. Of an account that they
    do not hold, they only read that they were taken out of it."""
    holds = exists().where(
        Enrolment.consumer_id == consumer_id, Enrolment.account_id == HolderNotice.account_id, is_in_force()
    )
    query = (
        select(HolderNotice, CustomerAccount, Issuer)
        .join(CustomerAccount, CustomerAccount.id == HolderNotice.account_id)
        .join(Issuer, Issuer.id == CustomerAccount.issuer_id)
        .where(HolderNotice.consumer_id == consumer_id, HolderNotice.seen_at.is_(None))
        .where(or_(HolderNotice.kind.in_(_TAKEN_OUT), holds))
        .order_by(HolderNotice.id)
    )
    return [row._tuple() for row in session.execute(query)]


def dismiss_notice(session: Session, consumer_id: int, notice_id: int, at: datetime) -> bool:
    """Mark a notice as seen. Returns False if it is not this consumer's."""
    mine = (HolderNotice.id == notice_id, HolderNotice.consumer_id == consumer_id)
    done = session.execute(update(HolderNotice).where(*mine).values(seen_at=func.coalesce(HolderNotice.seen_at, at)))
    return done.rowcount == 1  # type: ignore[attr-defined,no-any-return]


def is_asked(session: Session, consumer_id: int, account_id: int, asker_id: int) -> bool:
    """Whether this holder has an unanswered request from *asker_id* to join the account."""
    mine = (HolderNotice.consumer_id == consumer_id, HolderNotice.account_id == account_id)
    query = select(HolderNotice.id).where(*mine, HolderNotice.kind == "asks", HolderNotice.asker_id == asker_id)
    return session.scalar(query.where(HolderNotice.seen_at.is_(None)).limit(1)) is not None


def close_asking(session: Session, account_id: int, asker_id: int, at: datetime) -> None:
    """Dismiss every holder's notice of this join request, once one holder has answered it."""
    mine = (HolderNotice.account_id == account_id, HolderNotice.asker_id == asker_id)
    session.execute(update(HolderNotice).where(*mine, HolderNotice.seen_at.is_(None)).values(seen_at=at))


def shortened_name(name: str) -> str:
    """Shorten a name for a stranger: `Alice M.` for Alice Martin."""
    first, *others = name.split() or [""]
    return f"{first} {others[-1][0].upper()}." if others else first


def notify_other_holders(
    session: Session, account: CustomerAccount, actor: Consumer, kind: NoticeKind, now: datetime, *, but: int = 0
) -> int:
    """Notify every other holder, by mail and on their page, of what *actor* did. Returns their number. *but* is the id
    of a holder to leave out. Send the wake-up signal after the commit."""
    order = [holding.consumer.id for holding in holdings_of(session, [account.id]).get(account.id, [])]
    holders = holders_of(session, [account.id]).get(account.id, [])
    others = [each for each in holders if each.id not in {actor.id, but}]
    for other in others:
        knows = actor.id in order and other.id in order and order.index(other.id) < order.index(actor.id)
        notify_holder(session, other.id, account, kind, actor.name if knows else shortened_name(actor.name), now)
    return len(others)


def notify_holder(
    session: Session, consumer_id: int, account: CustomerAccount, kind: NoticeKind, name: str, now: datetime,
    asker_id: int | None = None,
) -> None:  # fmt: skip
    """Notify one consumer, by mail and on their page."""
    notice = HolderNotice(
        consumer_id=consumer_id, account_id=account.id, kind=kind, name=told_name(name), asker_id=asker_id, at=now
    )
    session.add(notice)
    session.flush()
    request_job(session, "holder_notice", {"notice_id": notice.id}, now)
