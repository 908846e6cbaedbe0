"""Adds to planned deliveries the article of law that each is owed by, in its issuer's sector."""

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from bill import Reason
from delivery.law.decision_article import article_for
from delivery.law.sector_law import SectorLaw, law_of
from issuers.registry import profile_of
from store.issuer import Issuer


def with_articles(
    session: Session, rows: Sequence[dict[str, object]], collected: Collection[int] = ()
) -> list[dict[str, object]]:
    """Return these column values of deliveries (`store.delivery.create_deliveries`) with their `article`. *collected*
    are the ids of bills that are paid by direct debit."""
    laws = laws_of(session, {issuer_id for row in rows if isinstance(issuer_id := row["issuer_id"], int)})
    return [row | {"article": _article(row, laws, row["bill_id"] in collected)} for row in rows]


def article_of(session: Session, issuer_id: int, why: Reason) -> str | None:
    """Return the article that asks for a delivery of this issuer's whose reason is now *why*."""
    return article_for(why.code, laws_of(session, {issuer_id})[issuer_id])


def laws_of(session: Session, issuer_ids: Collection[int]) -> dict[int, SectorLaw]:
    """Return the law of each of these issuers, by the trade in its profile."""
    return {each: law_of(profile_of(session.get_one(Issuer, each)).trade) for each in issuer_ids}


def _article(row: dict[str, object], laws: dict[int, SectorLaw], is_collected: bool) -> str | None:
    why, issuer_id = row["reason"], row["issuer_id"]
    assert isinstance(why, Reason)
    assert isinstance(issuer_id, int)
    return article_for(why.code, laws[issuer_id], is_collected=is_collected)
