"""An issuer's test side is an issuer of its own, the twin: `Issuer.test_of` names the issuer whose it is.

Its rows lie in the tables of all issuers, so that reading, rendering, choosing and all pages are the same code. What
keeps it out of everything else is `store.issuer.is_on_board`, in lists of issuers, and `store.issuer.of_issuer`, in
lists and figures of all issuers. It has people of its own (`store.test_sides.side_customer`).
"""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from store.base import insert_new
from store.issuer import Issuer

#: Ends the slug of a test side. No slug on board has a `~`.
SLUG_ENDING: Final = "~test"


def twin_of(session: Session, issuer_id: int) -> Issuer | None:
    """The test side of this issuer; None while it was not opened."""
    return session.scalar(select(Issuer).where(Issuer.test_of == issuer_id))


def twin_by_slug(session: Session, slug: str) -> Issuer | None:
    """The test side of this slug (`lumiere~test`), or None."""
    return session.scalar(select(Issuer).where(Issuer.slug == slug, Issuer.test_of.is_not(None)))


def keep_twin(session: Session, issuer: Issuer, at: datetime) -> tuple[Issuer, bool]:
    """Find or create the test side of an issuer on board, with its settings of now. Returns it and whether it is new.
    Safe when several people do so at once."""
    row = {
        "slug": issuer.slug + SLUG_ENDING, "name": issuer.name, "profile": issuer.profile, "logo": issuer.logo,
        "voice": issuer.voice, "test_of": issuer.id, "added_at": at, "changed_at": at,
    }  # fmt: skip
    is_new = insert_new(session, Issuer, [row]) == 1
    return session.scalars(select(Issuer).where(Issuer.test_of == issuer.id)).one(), is_new


def renew_settings(session: Session, twin: Issuer, at: datetime) -> None:
    """Give a test side the name, profile and looks that its issuer has now."""
    issuer = session.get_one(Issuer, twin.test_of)
    twin.name, twin.profile, twin.logo, twin.voice = issuer.name, issuer.profile, issuer.logo, issuer.voice
    twin.changed_at = at
