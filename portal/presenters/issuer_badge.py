"""An issuer's badge on our pages: a letter on its colour, or its logo where there is room."""

from functools import lru_cache
from typing import NamedTuple

from flask import url_for
from markupsafe import Markup, escape

from issuers.registry import profile_of
from store.issuer import Issuer
from store.listed_issuer import ListedIssuer


class IssuerBadge(NamedTuple):
    """What an issuer's badge is drawn from."""

    name: str
    slug: str
    letter: str
    colour: str  # #rrggbb, readable on white by the profile's own check
    has_logo: bool
    version: int  # grows when the issuer's looks change: a browser may keep a logo until then


def issuer_badge(issuer: Issuer | ListedIssuer) -> IssuerBadge:
    """Returns the badge, from the issuer's profile and its brand settings."""
    letter = next((c for c in issuer.name if c.isalnum()), "?").upper()
    colour, version = profile_of(issuer).brand.colour, logo_version(issuer)
    return IssuerBadge(issuer.name, issuer.slug, letter, colour, issuer.has_logo, version)


@lru_cache(maxsize=1024)
def drawn(badge: IssuerBadge) -> Markup:
    """Returns the badge as a square picture, hidden from who hears the page: its name stands beside it."""
    if badge.has_logo:
        source = url_for("logo.show", slug=badge.slug, v=badge.version)
        return Markup('<img class="mark" src="{}" alt="" width="40" height="40">').format(source)
    return Markup(
        '<svg class="mark" viewBox="0 0 40 40" aria-hidden="true"><rect width="40" height="40" fill="{}"/>'
        '<text x="20" y="26.5">{}</text></svg>'
    ).format(badge.colour, badge.letter)


@lru_cache(maxsize=1024)
def named(badge: IssuerBadge) -> Markup:
    """Returns the issuer's name, escaped."""
    return escape(badge.name)


def logo_version(issuer: Issuer | ListedIssuer) -> int:
    """Returns the version of the issuer's looks: it grows with each change."""
    return int(issuer.changed_at.timestamp())
