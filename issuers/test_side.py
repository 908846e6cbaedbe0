"""The test side of an issuer: opened at its first use, with the issuer's settings of that day."""

from datetime import datetime

from sqlalchemy.orm import Session

from issuers.registry import SLUG, IssuerError
from store.db.event import record
from store.issuer import Issuer, issuer_by_slug
from store.test_sides.twin_issuer import SLUG_ENDING, keep_twin, twin_by_slug


def open_test_side(session: Session, issuer: Issuer, by: str, now: datetime) -> Issuer:
    """The test side of an issuer, opened if it has none yet. *by* is who asks. Raises IssuerError for an issuer that
    has left, and for one that is itself no issuer on board."""
    if issuer.is_test_side or issuer.private_to is not None:
        raise IssuerError("{slug} has no test side", slug=issuer.slug)
    if issuer.closed_at is not None:
        raise IssuerError("{slug} has left the service", slug=issuer.slug)
    twin, is_new = keep_twin(session, issuer, now)
    if is_new:
        record(session, "issuer", twin.id, "added", now, by=by, why=issuer.name)
    return twin


def refuse_test_side(issuer: Issuer) -> None:
    """Raise IssuerError where something is meant for the issuer as a whole and its test side is named."""
    if issuer.is_test_side:
        raise IssuerError("{slug} is a test side: it stays and goes with its issuer", slug=issuer.slug)


def issuer_of_folder(session: Session, name: str) -> Issuer | None:
    """The issuer, or the test side, whose upload folder and SFTP user have this name."""
    slug, is_test = name.removesuffix(SLUG_ENDING), name.endswith(SLUG_ENDING)
    if not SLUG.fullmatch(slug):
        return None
    return twin_by_slug(session, name) if is_test else issuer_by_slug(session, slug)
