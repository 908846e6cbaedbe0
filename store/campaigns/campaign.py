"""The campaign table: whom an issuer invites, when, by which lever, with which words, and how much it may cost."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal, get_args

import msgspec
from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from store.base import Base
from store.db.row_locks import ROW_LOCK
from store.issuer import of_issuer

#: draft -> submitted -> approved | refused; approved -> running -> ended; submitted, approved, running -> stopped.
CampaignState = Literal["draft", "submitted", "approved", "refused", "running", "stopped", "ended"]
#: By what people are invited: a mail or an SMS to an address that the issuer may use; on the next letter a line beside
#: its code, a message on its envelope, an insert; paperless by default, after a notice.
Lever = Literal["email", "sms", "letter", "envelope", "insert", "default_on"]
#: When: at any time from the first day on; in the weeks of a first bill; after the first letter that went to them;
#: after a payment; each year around the contract's day.
Occasion = Literal["any_day", "contract", "first_paper", "payment", "yearly"]

CAMPAIGN_STATES: Final[tuple[CampaignState, ...]] = get_args(CampaignState)
LEVERS: Final[tuple[Lever, ...]] = get_args(Lever)
OCCASIONS: Final[tuple[Occasion, ...]] = get_args(Occasion)
#: Levers that go with the next letter.
ON_PAPER: Final[frozenset[Lever]] = frozenset({"letter", "envelope", "insert"})
#: States of a campaign that may still invite somebody.
LIVING: Final = ("approved", "running")
_IS_LIVING: Final = text(f"state IN {LIVING}")


class CampaignSegment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which of an issuer's accounts a campaign is for. Empty: any. *states* are of
    `delivery.relationship.relationship_state`; *tenure_months*: since the first bill, at least."""

    states: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    channel: Literal["", "email", "phone"] = ""
    tenure_months: int = 0


def packed_segment(segment: CampaignSegment) -> str:
    """A segment as its column has it."""
    return msgspec.json.encode(segment).decode()


class Campaign(Base):
    """One campaign of one issuer. *author* wrote it and *decided_by* approved or refused it: never the same person.

    *wordings* are the versions of its words (`adoption.campaigns.wordings`); with several each is an arm. *invited* and
    *spent* count what was begun, against *most_invitations* and *budget* (EUR); *unit_cost* is what one invitation
    costs. *cap_days*, *cap_year*: one household gets at most one invitation in so many days, and so many in a year,
    whoever its issuers are. *paper_code* names the envelope or the insert at the print house. *after_account_id*: how
    far the sweep of *swept_on* has come.
    """

    __tablename__ = "campaign"
    __table_args__ = (
        CheckConstraint(f"state IN {CAMPAIGN_STATES}", name="state"),
        CheckConstraint(f"lever IN {LEVERS}", name="lever"),
        CheckConstraint(f"occasion IN {OCCASIONS}", name="occasion"),
        CheckConstraint("decided_by = '' OR lower(decided_by) <> lower(author)", name="decided_by_another"),
        CheckConstraint("invited <= most_invitations", name="within_number"),
        CheckConstraint("spent <= budget", name="within_budget"),
        Index("ix_campaign_issuer_id_id", "issuer_id", "id"),
        Index("ix_campaign_living", "id", sqlite_where=_IS_LIVING, postgresql_where=_IS_LIVING),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    issuer_id: Mapped[int] = mapped_column(ForeignKey("issuer.id"))
    name: Mapped[str] = mapped_column(String(120))
    state: Mapped[CampaignState] = mapped_column(String(10), default="draft")
    lever: Mapped[Lever] = mapped_column(String(10))
    occasion: Mapped[Occasion] = mapped_column(String(12))
    wordings: Mapped[list[str]] = mapped_column(JSON)
    segment_content: Mapped[str] = mapped_column("segment", Text)
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date | None] = mapped_column(Date)
    most_invitations: Mapped[int]
    budget: Mapped[Decimal]
    unit_cost: Mapped[Decimal]
    cap_days: Mapped[int]
    cap_year: Mapped[int]
    paper_code: Mapped[str] = mapped_column(String(20), default="")
    author: Mapped[str] = mapped_column(String(254))
    written_at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(String(254), default="")
    decided_at: Mapped[datetime | None]
    words: Mapped[str] = mapped_column(Text, default="")  # why it was refused or stopped, by that person
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    invited: Mapped[int] = mapped_column(default=0)
    spent: Mapped[Decimal] = mapped_column(default=Decimal(0))
    after_account_id: Mapped[int] = mapped_column(default=0)
    swept_on: Mapped[date | None] = mapped_column(Date)

    @property
    def segment(self) -> CampaignSegment:
        """Which accounts it is for."""
        return msgspec.json.decode(self.segment_content, type=CampaignSegment)

    @segment.setter
    def segment(self, segment: CampaignSegment) -> None:
        self.segment_content = packed_segment(segment)

    @property
    def is_living(self) -> bool:
        """Whether it may still invite somebody."""
        return self.state in LIVING


def locked_campaign(session: Session, campaign_id: int) -> Campaign:
    """The campaign, locked until the transaction ends: before any row of its accounts."""
    return session.get_one(Campaign, campaign_id, with_for_update=ROW_LOCK, populate_existing=True)


def campaigns_of(session: Session, issuer_id: int | None, before: int, limit: int) -> list[Campaign]:
    """The campaigns of an issuer (None: of all on board), newest first, with an id below *before*."""
    mine = (of_issuer(Campaign.issuer_id, issuer_id), Campaign.id < before)
    return list(session.scalars(select(Campaign).where(*mine).order_by(Campaign.id.desc()).limit(limit)))


def living_campaigns(session: Session) -> Sequence[Campaign]:
    """The campaigns that may still invite somebody, the oldest first; none of a test side."""
    mine = (Campaign.state.in_(LIVING), of_issuer(Campaign.issuer_id, None))
    return session.scalars(select(Campaign).where(*mine).order_by(Campaign.id)).all()
