"""The registry of issuers: add one, find it by its slug, read its profile and brand."""

import re
from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bill import Brand
from issuers.brand_settings import BrandSettings, with_brand_settings
from issuers.logo import clean_logo
from issuers.policy_bounds import check_policy_bounds
from issuers.profile import Policy, Profile, brand_of, read_logo, read_profile
from issuers.profile_section import ProfileError
from issuers.sector_law_check import check_sector_law
from store.db.event import record
from store.issuer import Issuer, issuer_by_slug
from store.issuer_profiles.profile_version import add_version
from store.listed_issuer import ListedIssuer
from words.spoken_error import SpokenError

#: An issuer's slug: its name in URLs, commands and the SFTP server.
SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")


class IssuerError(SpokenError):
    """A request to the registry is refused; the message says why and what to do."""


def add_issuer(
    session: Session, slug: str, name: str, now: datetime, profile_text: str = "", logo: bytes | None = None,
    by: str = "registry",
) -> Issuer:  # fmt: skip
    """Add an issuer, or (if the slug is taken and a profile is given) update its name, profile and logo. *by* is who
    does it.

    A taken slug without a profile returns the same issuer if the name agrees, else raises IssuerError. Raises
    ProfileError, changing nothing, if the profile or the logo cannot be used, or its sector's law forbids it. Another
    profile text is another version, which `store.issuer_profiles` keeps.
    """
    if not SLUG.fullmatch(slug):
        raise IssuerError(
            "{slug!r} cannot name an issuer: give 2 to 40 of a-z, 0-9 and -, with a letter or a digit first", slug=slug
        )
    name = " ".join(name.split())
    if not 0 < len(name) <= 200:
        raise IssuerError("an issuer's name has 1 to 200 characters")
    profile = read_profile(profile_text)
    check_sector_law(profile)
    known = issuer_by_slug(session, slug)
    check_policy_bounds(profile.policy, present_policy(known) if known else Policy())
    logo = _checked_looks(profile, logo)
    if known is None:
        return _new_issuer(session, slug, name, now, profile_text, logo, by)
    if profile_text:
        known.name, known.logo, known.changed_at = name, logo, now
        known.voice = None
        if profile_text != known.profile or not known.profile_version:
            session.flush()
            add_version(session, known, profile_text, by, "", now, base=known.profile_version)
        record(session, "issuer", known.id, "changed", now, by=by, why=name)
    elif known.name != name:
        raise IssuerError(
            "{slug} is the issuer {name!r} already: give a profile to change it, or another slug",
            slug=slug, name=known.name,
        )  # fmt: skip
    return known


def _new_issuer(
    session: Session, slug: str, name: str, now: datetime, profile_text: str, logo: bytes | None, by: str
) -> Issuer:
    issuer = Issuer(slug=slug, name=name, profile=profile_text, logo=logo, added_at=now, changed_at=now)
    session.add(issuer)
    session.flush()
    add_version(session, issuer, profile_text, by, "", now, base=0)
    record(session, "issuer", issuer.id, "added", now, by=by, why=name)
    return issuer


def _checked_looks(profile: Profile, logo: bytes | None) -> bytes | None:
    """The logo as stored. Raises ProfileError if the profile names a logo that is missing, LogoError if it cannot be
    used."""
    if logo is None and profile.brand.logo:
        raise ProfileError("brand.logo", "{name} was not handed in with the profile", name=profile.brand.logo)
    return clean_logo(logo) if logo is not None else None


def read_profile_file(path: Path) -> tuple[str, bytes | None]:
    """A profile's text and the logo it names, from the same folder; raises ProfileError if one cannot be used."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError("", "{path} cannot be read as UTF-8 text: {reason}", path=path, reason=error) from error
    logo = read_profile(text).brand.logo
    return text, read_logo(path.parent, logo) if logo else None


def issuer_named(session: Session, slug: str) -> Issuer:
    """The issuer of this slug; raises IssuerError if there is none."""
    issuer = issuer_by_slug(session, slug)
    if issuer is None:
        raise IssuerError("there is no issuer {slug!r}: `facteur issuer add {slug} --name NAME` makes one", slug=slug)
    return issuer


def profile_of(issuer: Issuer | ListedIssuer) -> Profile:
    """An issuer's profile with the brand settings adopted since. Parsed profiles are cached."""
    return _profile(issuer.profile, issuer.voice)


def present_policy(issuer: Issuer) -> Policy:
    """An issuer's policy; the usual one where its profile cannot be read (any more)."""
    try:
        return profile_of(issuer).policy
    except ProfileError:
        return Policy()


def policies_of(session: Session, issuer_ids: Collection[int]) -> dict[int, Policy]:
    """The policies of these issuers, by id; reads neither their logos nor what else their rows hold."""
    said = session.connection().execute(_PROFILES, {"issuer_ids": issuer_ids})
    return {issuer_id: _profile(text, voice).policy for issuer_id, text, voice in said}


_PROFILES: Final = select(Issuer.id, Issuer.profile, Issuer.voice).where(
    Issuer.id.in_(bindparam("issuer_ids", expanding=True))
)


@lru_cache(maxsize=256)
def _profile(text: str, voice: str | None) -> Profile:
    return with_brand_settings(read_profile(text), voice)


def brand_settings_of(issuer: Issuer) -> BrandSettings:
    """The issuer's present brand settings."""
    return BrandSettings(profile_of(issuer).brand, issuer.logo)


def brand_of_issuer(issuer: Issuer, bill_language: str = "") -> Brand:
    """The brand that an issuer's bills are rendered with; *bill_language* is theirs where the profile names none."""
    return brand_of(profile_of(issuer), issuer.name, issuer.logo, bill_language)
