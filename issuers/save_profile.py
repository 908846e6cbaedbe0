"""Saves a new version of an issuer's profile, and restores an earlier one. Either way the text is checked as one that
is handed in, and what is refused changes nothing."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from issuers.policy_bounds import check_policy_bounds
from issuers.profile import Profile, read_profile
from issuers.profile_section import ProfileError
from issuers.registry import present_policy
from issuers.sector_law_check import check_sector_law
from store.db.event import record
from store.issuer import Issuer
from store.issuer_profiles.profile_version import ProfileVersion, add_version, version_numbered
from words.spoken_error import SpokenError

#: The longest profile, in characters, and the longest reason for it.
LONGEST_PROFILE: Final = 200_000
LONGEST_WHY: Final = 500


class VersionUnknownError(SpokenError):
    """The profile has no such version."""


def save_profile(
    session: Session, issuer: Issuer, text: str, by: str, why: str, now: datetime, *,
    base: int, restored_from: int | None = None,
) -> ProfileVersion | None:  # fmt: skip
    """Save *text* as the version after *base*; None if it is the present text already. The brand settings that a
    member has adopted, and the logo, stay. Raises ProfileError if the text cannot be used or the law forbids what it
    says, and ProfileChangedError if *base* is no longer the present version."""
    check_profile(text, issuer)
    if text == issuer.profile and base == issuer.profile_version:
        return None
    version = add_version(session, issuer, text, by, why[:LONGEST_WHY], now, base=base, restored_from=restored_from)
    record(session, "issuer", issuer.id, "profile saved", now, by=by, why=version.why)
    return version


def restore_profile(
    session: Session, issuer: Issuer, number: int, by: str, why: str, now: datetime, *, base: int
) -> ProfileVersion | None:
    """Save the text of an earlier version as the next one; None if it is the present text. Raises
    VersionUnknownError."""
    earlier = profile_version(session, issuer, number)
    return save_profile(session, issuer, earlier.text, by, why, now, base=base, restored_from=number)


def profile_version(session: Session, issuer: Issuer, number: int) -> ProfileVersion:
    """A version of the issuer's profile; raises VersionUnknownError."""
    found = version_numbered(session, issuer.id, number)
    if found is None:
        raise VersionUnknownError(
            "the profile of {slug} has no version {number}: the last one is {last}",
            slug=issuer.slug, number=number, last=issuer.profile_version,
        )  # fmt: skip
    return found


def check_profile(text: str, issuer: Issuer) -> Profile:
    """The profile that *text* is. Raises ProfileError if this issuer cannot have it, or the law forbids what it
    says."""
    if len(text) > LONGEST_PROFILE:
        raise ProfileError("", "it has more than {most} characters", most=LONGEST_PROFILE)
    profile = read_profile(text)
    check_sector_law(profile)
    check_policy_bounds(profile.policy, present_policy(issuer))
    if profile.brand.logo and issuer.logo is None:
        raise ProfileError("brand.logo", "{name} was not handed in with the profile", name=profile.brand.logo)
    return profile
