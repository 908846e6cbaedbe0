"""The accounts behind a figure of a campaign, page by page: in a state, left out for a reason, of a group of its wave,
at a step of it, in a week."""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time
from typing import NamedTuple

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from store.accounts.customer_account import CustomerAccount
from store.campaigns.campaign_invitation import CampaignInvitation, InvitationState
from store.campaigns.campaign_wave import WaveStep, moment_of


class AskedInvitations(NamedTuple):
    """Which rows of a campaign: in these states (empty: any), of this arm and for this reason ("": any); with *step*
    those that did it, with *first* and *until* on a day (UTC) from the one to before the other."""

    states: Collection[InvitationState] = ()
    arm: str = ""
    reason_code: str = ""
    step: WaveStep | None = None
    first: date | None = None
    until: date | None = None


class ListedInvitation(NamedTuple):
    """An account of a campaign, and what the campaign decided about it."""

    invitation: CampaignInvitation
    account: CustomerAccount


def listed_invitations(
    session: Session, campaign_id: int, asked: AskedInvitations, before: int, limit: int
) -> list[ListedInvitation]:
    """The next *limit* rows of a campaign, newest first, with an id below *before*."""
    row = CampaignInvitation
    query = (
        select(row, CustomerAccount)
        .join(CustomerAccount, CustomerAccount.id == row.account_id)
        .where(row.campaign_id == campaign_id, row.id < before, *_that_are(asked))
    )
    rows = session.execute(query.order_by(row.id.desc()).limit(limit))
    return [ListedInvitation(*each) for each in rows.tuples()]


def _that_are(asked: AskedInvitations) -> Iterator[ColumnElement[bool]]:
    row = CampaignInvitation
    if asked.states:
        yield row.state.in_(asked.states)
    if asked.arm:
        yield row.arm == asked.arm
    if asked.reason_code:
        yield row.reason_code == asked.reason_code
    if asked.step is not None:
        moment = moment_of(asked.step)
        yield moment.is_not(None)
        if asked.first is not None:
            yield moment >= datetime.combine(asked.first, time.min, UTC)
        if asked.until is not None:
            yield moment < datetime.combine(asked.until, time.min, UTC)
