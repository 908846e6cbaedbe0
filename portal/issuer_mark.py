"""How an issuer shows in our pages: a letter on its colour, its logo where there is room; never its own design."""

from functools import lru_cache
from typing import NamedTuple

from issuers.profile import Profile, read_profile
from store.issuer import Issuer


class Mark(NamedTuple):
    name: str
    slug: str
    letter: str
    colour: str  # #rrggbb, readable on white by the profile's own check
    has_logo: bool


def mark_of(issuer: Issuer) -> Mark:
    """The issuer's mark, from its profile."""
    letter = next((c for c in issuer.name if c.isalnum()), "?").upper()
    return Mark(issuer.name, issuer.slug, letter, profile_of(issuer).brand.colour, issuer.logo is not None)


def profile_of(issuer: Issuer) -> Profile:
    """The issuer's profile, read once for as long as its text stays the same."""
    return _read(issuer.profile)


@lru_cache(maxsize=512)
def _read(text: str) -> Profile:
    return read_profile(text)
