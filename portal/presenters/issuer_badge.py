"""An issuer's badge on our pages: a letter on its colour, or its logo where there is room."""

from typing import NamedTuple

from issuers.registry import profile_of
from store.issuer import Issuer


class IssuerBadge(NamedTuple):
    """What an issuer's badge is drawn from."""

    name: str
    slug: str
    letter: str
    colour: str  # #rrggbb, readable on white by the profile's own check
    has_logo: bool
    version: int  # grows when the issuer's looks change: a browser may keep a logo until then


def issuer_badge(issuer: Issuer) -> IssuerBadge:
    """Returns the badge, from the issuer's profile and its brand settings."""
    letter = next((c for c in issuer.name if c.isalnum()), "?").upper()
    colour, version = profile_of(issuer).brand.colour, logo_version(issuer)
    return IssuerBadge(issuer.name, issuer.slug, letter, colour, issuer.logo is not None, version)


def logo_version(issuer: Issuer) -> int:
    """Returns the version of the issuer's looks: it grows with each change."""
    return int(issuer.changed_at.timestamp())
