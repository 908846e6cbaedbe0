"""Account notices: what a person was told about an account, or told us, and what became known of it. Rows never change.

Together with the consents (`store.accounts.consent`) they are the history from which an account's relationship is
derived (`delivery.relationship.relationship_state`).
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Final, Literal

from msgspec import Struct
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, func, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.accounts.legal_basis import LEGAL_BASES, LegalBasis
from store.base import Base, insert_new

#: * `invited`: asked to follow the account, other than by a letter's code. `claim_started`: somebody began to add it.
#:   `linked`, `left`: somebody follows it, or no longer.
#: * `default_planned`, `default_sent`, `default_refused`: the notice that bills will come without paper by default was
#:   planned, left by e-mail, came back. `objected`: the customer objected to that.
#: * `opened_by_link`: somebody opened a bill by its one-bill link, on a device that had not.
#: * `suitability`: asked whether electronic bills suit the customer; `suitability_refused`: the e-mail that asked a
#:   holder came back.
#: * `moved`: letters do not reach the customer; `address_known`: another address is known since.
#: * `exempt`, `died`, `closed`: paper by right, a death, the contract's end, as the issuer says; `passed_on`: the
#:   account's number is somebody else's now.
#: * `grant_invited`, `grant_accepted`, `grant_declined`, `grant_covered`, `grant_looked`, `grant_returned`,
#:   `grant_revoked`, `grant_ended`: somebody was invited to read the bills, accepted or not, reads this contract too
#:   since its owner holds it, looked (once a day), and reads no longer (`store.access_grants`).
#: * `to_estate`, `held_after_death`, `not_dead`: what a named person decided after a death
#:   (`store.accounts.bereavement_decision`).
#: * `letters_held`, `letters_let_go`: a named person keeps the account's letters back, or lets them go again
#:   (`store.accounts.letter_hold`).
#: * `heir`, `heir_ended`: a named person recorded an heir on a document, or ended that (`store.heirs.heir`).
AccountNoticeKind = Literal[
    "invited", "claim_started", "linked", "left", "default_planned", "default_sent", "default_refused", "objected",
    "suitability", "suitability_refused", "moved", "address_known", "exempt", "died", "closed", "passed_on",
    "to_estate", "held_after_death", "not_dead", "letters_held", "letters_let_go",
    "opened_by_link", "heir", "heir_ended", "grant_invited", "grant_accepted", "grant_declined",
    "grant_covered", "grant_looked", "grant_returned", "grant_revoked", "grant_ended",
]  # fmt: skip
#: Those of the notice that bills will come without paper, which are counted (`ix_account_notice_default`).
DEFAULT_NOTICE_KINDS: Final = ("default_planned", "default_sent", "default_refused", "objected")
_IS_DEFAULT_NOTICE: Final = text(f"kind IN {DEFAULT_NOTICE_KINDS}")
NoticeChannel = Literal["portal", "email", "sms", "paper", "api", "file", "staff"]


class AccountNotice(Base):
    """One notice, unique by account, kind and *key*: telling the same twice adds nothing. *by* is who acted,
    *consumer_id* whom it concerns, *wording* the version of the text shown (`store.accounts.shown_wording`), *words*
    what a person or the outside added."""

    __tablename__ = "account_notice"
    __table_args__ = (
        UniqueConstraint("account_id", "kind", "key"),
        CheckConstraint(f"basis IN {LEGAL_BASES}", name="basis"),
        Index(
            "ix_account_notice_default", "kind", "account_id", sqlite_where=_IS_DEFAULT_NOTICE,
            postgresql_where=_IS_DEFAULT_NOTICE,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    consumer_id: Mapped[int | None] = mapped_column(ForeignKey("consumer.id"))
    kind: Mapped[str] = mapped_column(String(20))
    key: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(200), default="road")
    channel: Mapped[str] = mapped_column(String(10), default="portal")
    basis: Mapped[str] = mapped_column(String(12), default="information")
    wording: Mapped[str] = mapped_column(String(40), default="")
    words: Mapped[str] = mapped_column(Text, default="")


class NewNotice(Struct, frozen=True, kw_only=True):
    """A notice to append. *key* tells it from others of its kind about the account; "" is its moment, and whom it
    concerns."""

    account_id: int
    kind: AccountNoticeKind
    at: datetime
    consumer_id: int | None = None
    key: str = ""
    by: str = "road"
    channel: NoticeChannel = "portal"
    basis: LegalBasis = "information"
    wording: str = ""
    words: str = ""


def append_notices(session: Session, notices: Sequence[NewNotice]) -> int:
    """Append notices; those that are there already are left out. Returns the number of new ones."""
    return insert_new(session, AccountNotice, [_row(each) for each in notices])


def append_notice(session: Session, notice: NewNotice) -> bool:
    """Append one notice. Returns False if it is there already."""
    return append_notices(session, [notice]) == 1


def _row(notice: NewNotice) -> dict[str, object]:
    whom = "" if notice.consumer_id is None else f" consumer {notice.consumer_id}"
    return {
        "account_id": notice.account_id, "consumer_id": notice.consumer_id, "kind": notice.kind,
        "key": (notice.key or f"{notice.at.astimezone(UTC).isoformat()}{whom}")[:80], "at": notice.at,
        "by": notice.by[:200], "channel": notice.channel, "basis": notice.basis, "wording": notice.wording,
        "words": notice.words[:2000],
    }  # fmt: skip


def notices_of(session: Session, account_ids: Collection[int]) -> dict[int, list[AccountNotice]]:
    """The notices of these accounts by account id, oldest first; an account without any is left out."""
    query = select(AccountNotice).where(AccountNotice.account_id.in_(account_ids))
    found: dict[int, list[AccountNotice]] = {}
    for notice in session.scalars(query.order_by(AccountNotice.at, AccountNotice.id)):
        found.setdefault(notice.account_id, []).append(notice)
    return found


def move_notices(session: Session, from_id: int, to_id: int) -> None:
    """Let the notices of an account be those of the account that it is joined to; who followed which stays."""
    session.execute(
        update(AccountNotice)
        .where(AccountNotice.account_id == from_id, AccountNotice.kind.not_in(["linked", "left"]))
        .values(account_id=to_id, key=func.substr(AccountNotice.key, 1, 60) + f" of {from_id}")
    )
