"""Read the terms of release from an issuer's profile."""

from feeds.accounts.duplicate_accounts import DUPLICATE_ACCOUNT_RULE
from feeds.release import ReleaseTerms
from issuers.registry import profile_of
from store.issuer import Issuer


def release_terms(issuer: Issuer) -> ReleaseTerms:
    """The release terms of an issuer, from its profile."""
    profile = profile_of(issuer)
    reports_duplicates = DUPLICATE_ACCOUNT_RULE not in profile.quality.ignore
    return ReleaseTerms(profile.account_term, profile.platforms_since, reports_duplicates)
