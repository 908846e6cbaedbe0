"""Whom a campaign invited, whom it did not, and why: one row for each account that it was for, with its outcome."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, get_args

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    case,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, composite, mapped_column

from bill import Reason
from store.base import Base, Blanks
from store.customers.household import HouseholdMember
from store.reason_columns import CODE_LENGTH

#: `held_out`: of the tenth that is never invited, and would have been. `left_out`: not invited, its reason says why.
#: planned -> sending -> sent | failed | in_doubt; planned -> cancelled.
InvitationState = Literal["held_out", "left_out", "planned", "sending", "sent", "failed", "in_doubt", "cancelled"]
INVITATION_STATES: Final[tuple[InvitationState, ...]] = get_args(InvitationState)
#: Those that have reached somebody, or may have, or will.
COUNTED: Final = ("planned", "sending", "sent", "in_doubt")
#: A claim within this time after an invitation followed it.
FOLLOWED_WITHIN: Final = timedelta(days=90)
_IS_ON_LETTER: Final = text("delivery_id IS NOT NULL")
_HAS_CONTACT: Final = text("contact_digest <> ''")


class CampaignInvitation(Base):
    """A campaign and one account that it was for. *arm* is `holdout`, or the version of the words. *consumer_id* is the
    holder who is written to; None where it is whom the issuer knows. *contact_digest*: of the address or phone that it
    goes to, "" for a letter. *delivery_id*: the letter that bears it.

    *opened_at*, *claimed_at*, *paperless_at*: when its page was first opened, when somebody first claimed the account
    since, when it went paperless since; of `held_out` the same since it was drawn.
    """

    __tablename__ = "campaign_invitation"
    __table_args__ = (
        UniqueConstraint("campaign_id", "account_id"),
        CheckConstraint(f"state IN {INVITATION_STATES}", name="state"),
        CheckConstraint("(arm = 'holdout') = (state = 'held_out')", name="holdout"),
        Index("ix_campaign_invitation_account_id_chosen_at", "account_id", "chosen_at"),
        Index("ix_campaign_invitation_campaign_id_state_id", "campaign_id", "state", "id"),
        Index(
            "ix_campaign_invitation_contact_digest", "contact_digest", "chosen_at", sqlite_where=_HAS_CONTACT,
            postgresql_where=_HAS_CONTACT,
        ),
        Index(
            "ix_campaign_invitation_delivery_id", "delivery_id", sqlite_where=_IS_ON_LETTER,
            postgresql_where=_IS_ON_LETTER,
        ),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaign.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    household_id: Mapped[int]
    consumer_id: Mapped[int | None] = mapped_column(ForeignKey("consumer.id"))
    contact_digest: Mapped[str] = mapped_column(String(64), default="")
    arm: Mapped[str] = mapped_column(String(40))
    state: Mapped[InvitationState] = mapped_column(String(10))
    reason_code: Mapped[str] = mapped_column(String(CODE_LENGTH), default="", server_default="")
    reason_values: Mapped[dict[str, Any]] = mapped_column(Blanks, nullable=True)
    reason: Mapped[Reason] = composite("reason_code", "reason_values")
    chosen_at: Mapped[datetime]
    again_on: Mapped[date | None] = mapped_column(Date)  # of `left_out` for a reason that passes
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))
    sent_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    paperless_at: Mapped[datetime | None]


def invitations_to(session: Session, account_ids: Collection[int]) -> list[CampaignInvitation]:
    """The invitations of these accounts that reached somebody, or may have, oldest first."""
    mine = (CampaignInvitation.account_id.in_(account_ids), CampaignInvitation.state.in_(["sent", "in_doubt"]))
    return list(session.scalars(select(CampaignInvitation).where(*mine).order_by(CampaignInvitation.sent_at)))


def moments_by_household(
    session: Session, households: Collection[int], since: datetime, now: datetime
) -> dict[int, list[datetime]]:
    """The moments of the invitations that count against the cap of these households, as their accounts are put together
    now: when each left, which for a letter may be weeks after it was chosen; *now* of one that is still to leave."""
    query = (
        select(HouseholdMember.household_id, _moment(now))
        .join(CampaignInvitation, CampaignInvitation.account_id == HouseholdMember.account_id)
        .where(HouseholdMember.household_id.in_(households), _moment(now) > since)
        .where(CampaignInvitation.state.in_(COUNTED))
    )
    found: dict[int, list[datetime]] = {}
    for household, at in session.execute(query):
        if household is not None:
            found.setdefault(household, []).append(at)
    return found


def _moment(now: datetime) -> ColumnElement[datetime]:
    row, is_to_leave = CampaignInvitation, CampaignInvitation.state.in_(("planned", "sending"))
    return case((is_to_leave, literal(now, row.chosen_at.type)), else_=func.coalesce(row.sent_at, row.chosen_at))


def moments_by_contact(
    session: Session, digests: Collection[str], since: datetime, now: datetime
) -> dict[str, list[datetime]]:
    """The same of the invitations that went, or go, to the contacts of these digests."""
    query = select(CampaignInvitation.contact_digest, _moment(now)).where(
        CampaignInvitation.contact_digest.in_(digests), _HAS_CONTACT, _moment(now) > since,
        CampaignInvitation.state.in_(COUNTED),
    )  # fmt: skip
    found: dict[str, list[datetime]] = {}
    for digest, at in session.execute(query) if digests else ():
        found.setdefault(digest, []).append(at)
    return found


def considered(session: Session, campaign_id: int, account_ids: Collection[int]) -> dict[int, CampaignInvitation]:
    """The rows of a campaign for these accounts, by account id."""
    mine = (CampaignInvitation.campaign_id == campaign_id, CampaignInvitation.account_id.in_(account_ids))
    return {each.account_id: each for each in session.scalars(select(CampaignInvitation).where(*mine))}


def change_invitation(
    session: Session, invitation_id: int, came_from: Sequence[InvitationState], to: InvitationState, **also: object
) -> bool:
    """Change the state of an invitation and the columns in *also*. Returns False, changing nothing, if it is in another
    state. Its row is its record: no event is kept beside it."""
    mine = (CampaignInvitation.id == invitation_id, CampaignInvitation.state.in_(came_from))
    moved = session.execute(update(CampaignInvitation).where(*mine).values(state=to, **also))
    return moved.rowcount == 1  # type: ignore[attr-defined,no-any-return]
