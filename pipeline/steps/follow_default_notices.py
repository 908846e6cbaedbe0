"""Announce bills without paper by default, and begin them where nobody objected in time."""

from datetime import datetime
from typing import Final

from delivery.relationship.default_notices import accounts_for_default, follow_defaults
from issuers.registry import profile_of
from pipeline.pipeline_context import PipelineContext
from store.campaigns.default_campaign import issuers_with_default_campaign
from store.issuer import all_issuers

_TOGETHER: Final = 250


def follow_default_notices(context: PipelineContext, now: datetime) -> int:
    """Go through the followed accounts on paper of the issuers whose policy, or a campaign, says so, some hundreds in a
    transaction. Returns how many notices were planned and accounts switched."""
    done = 0
    with context.store.reading() as session:
        by_campaign = issuers_with_default_campaign(session)
        issuers = [
            each for each in all_issuers(session) if profile_of(each).policy.default_on or each.id in by_campaign
        ]
    for issuer in issuers:
        after = 0
        while True:
            with context.store.reading() as session:
                account_ids = accounts_for_default(session, issuer, now, after, _TOGETHER)
            if not account_ids:
                break
            with context.store.writing() as session:
                done += sum(follow_defaults(session, issuer, account_ids, now, context.calendar))
            after = account_ids[-1]
    if done:
        context.store.wake_up.send()
    return done
