"""Who sends, and who works for them: issuers with their profile and looks, their members, and the operators."""

import re
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from bill import Brand
from issuers.logo import clean_logo
from issuers.profile import Profile, brand_of, read_logo, read_profile
from issuers.section import ProfileError
from issuers.voice import Looks, adopted
from store.email_address import NoAddress, forms_of, kept_form
from store.errand import ask
from store.event import record
from store.issuer import Issuer, issuer_by_slug
from store.release import ReleaseTerms
from store.staff import Staff
from store.twins import TWINS_RULE

#: An issuer's name in addresses and commands, and of its folder at the SFTP door.
SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")


class IssuerError(Exception):
    """What was asked of the registry cannot be: the message says why and what to do."""


def add_issuer(
    session: Session, slug: str, name: str, now: datetime, profile_text: str = "", logo: bytes | None = None
) -> Issuer:
    """A new issuer, or (the slug is taken and a profile is given) the same one under a new name, profile and logo.

    A taken slug without a profile is the same issuer if the name agrees too; under another name it is a mistake:
    IssuerError. ProfileError when the profile or the logo cannot be used; nothing is changed then.
    """
    if not SLUG.fullmatch(slug):
        raise IssuerError(
            f"{slug!r} cannot name an issuer: give 2 to 40 of a-z, 0-9 and -, with a letter or a digit first"
        )
    name = " ".join(name.split())
    if not 0 < len(name) <= 200:
        raise IssuerError("an issuer's name has 1 to 200 characters")
    logo = _checked_looks(read_profile(profile_text), logo)
    known = issuer_by_slug(session, slug)
    if known is None:
        return _new_issuer(session, slug, name, now, profile_text, logo)
    if profile_text:
        known.name, known.profile, known.logo, known.changed_at = name, profile_text, logo, now
        known.voice = None
        record(session, "issuer", known.id, "changed", now, by="registry", why=name)
    elif known.name != name:
        raise IssuerError(f"{slug} is the issuer {known.name!r} already: give a profile to change it, or another slug")
    return known


def _new_issuer(session: Session, slug: str, name: str, now: datetime, profile_text: str, logo: bytes | None) -> Issuer:
    issuer = Issuer(slug=slug, name=name, profile=profile_text, logo=logo, added_at=now, changed_at=now)
    session.add(issuer)
    session.flush()
    record(session, "issuer", issuer.id, "added", now, by="registry", why=name)
    return issuer


def _checked_looks(profile: Profile, logo: bytes | None) -> bytes | None:
    """The logo as it is kept."""
    if logo is None and profile.brand.logo:
        raise ProfileError("brand.logo", f"{profile.brand.logo} was not handed in with the profile")
    return clean_logo(logo) if logo is not None else None


def read_profile_file(path: Path) -> tuple[str, bytes | None]:
    """A profile's text and the logo that it names, from beside it; ProfileError says what cannot be used."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError("", f"{path} cannot be read as UTF-8 text: {error}") from error
    logo = read_profile(text).brand.logo
    return text, read_logo(path.parent, logo) if logo else None


def issuer_named(session: Session, slug: str) -> Issuer:
    """The issuer of this slug; IssuerError when there is none."""
    issuer = issuer_by_slug(session, slug)
    if issuer is None:
        raise IssuerError(f"there is no issuer {slug!r}: `facteur issuer add {slug} --name NAME` makes one")
    return issuer


def profile_of(issuer: Issuer) -> Profile:
    """An issuer's profile, with the looks that were adopted since; the same text is read once."""
    return _profile(issuer.profile, issuer.voice)


@lru_cache(maxsize=256)
def _profile(text: str, voice: str | None) -> Profile:
    return adopted(read_profile(text), voice)


def release_terms(issuer: Issuer) -> ReleaseTerms:
    """What the profile has to say of the release of its bills."""
    profile = profile_of(issuer)
    tells_twins = TWINS_RULE not in profile.quality.ignore
    return ReleaseTerms(profile.account_term, profile.platforms_since, tells_twins)


def looks_of(issuer: Issuer) -> Looks:
    """What a member may change of the issuer's looks, as it is."""
    return Looks(profile_of(issuer).brand, issuer.logo)


def brand_of_issuer(issuer: Issuer) -> Brand:
    """The looks that an issuer's bills are rendered with."""
    return brand_of(profile_of(issuer), issuer.name, issuer.logo)


def add_member(session: Session, slug: str, email: str, now: datetime) -> Staff:
    """Somebody who works for an issuer, invited by mail (ring the bell after the commit).

    The same person again is invited again until the invitation was taken up. IssuerError when the issuer is unknown,
    the address is none, or belongs to somebody who works for another.
    """
    return _add_staff(session, email, issuer_named(session, slug).id, now)


def add_operator(session: Session, email: str, now: datetime) -> Staff:
    """Somebody who runs the service, invited by mail like a member."""
    return _add_staff(session, email, None, now)


def _add_staff(session: Session, email: str, issuer_id: int | None, now: datetime) -> Staff:
    address = checked_email(email)
    staff = session.scalar(select(Staff).where(Staff.email.in_([address, *forms_of(email)])))
    if staff is None:
        staff = Staff(email=address, issuer_id=issuer_id, added_at=now)
        session.add(staff)
    elif staff.closed_at is not None:
        staff.issuer_id, staff.password_hash, staff.added_at, staff.closed_at = issuer_id, None, now, None
    elif staff.issuer_id != issuer_id:
        raise IssuerError(f"{address} works for somebody else already: one address has one role")
    session.flush()
    if staff.password_hash is None:
        record(session, "staff", staff.id, "invited", now, by="registry")
        ask(session, "invite", {"staff_id": staff.id}, now)
    return staff


def checked_email(text: str) -> str:
    """The address in the form we keep; IssuerError when mail cannot go there. The network is not asked."""
    try:
        return kept_form(text, may_be_reserved=True)
    except NoAddress as error:
        raise IssuerError(f"{text!r} is no e-mail address: {error}") from error
