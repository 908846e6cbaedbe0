"""Issuers that people wait for: those of the bills that they bring in themselves, counted, with nobody's name."""

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session

from store.imports.private_issuer import PrivateIssuer

#: Of fewer people nothing is told but that there are such issuers: a name could tell on a person.
LEAST_PEOPLE: Final = 5


class AwaitedIssuer(NamedTuple):
    """An issuer, by the name in comparable form that its bills bear and its SIREN ("" where none is known), and how
    many people wait for it: `LEAST_PEOPLE` at least."""

    name: str
    legal_id: str
    people: int


class AwaitedIssuers(NamedTuple):
    """The issuers that enough people wait for, the most awaited first; and whether fewer people wait for others."""

    issuers: list[AwaitedIssuer]
    has_others: bool


def awaited_issuers(session: Session) -> AwaitedIssuers:
    """The issuers that are not on board and of which people bring in bills. A name whose bills have one SIREN alone is
    that SIREN's; a SIREN is called as most people's bills call it. Nobody is counted twice for one issuer."""
    mine, siren = PrivateIssuer, _siren_of_names()
    key = func.coalesce(func.nullif(mine.legal_id, ""), siren.c.legal_id, mine.name_key).label("key")
    waiting = (
        select(key, mine.name_key, mine.consumer_id)
        .outerjoin(siren, siren.c.name_key == mine.name_key)
        .where(mine.stands_for_id.is_(None), mine.name_key != "")
        .subquery()
    )
    people = func.count(waiting.c.consumer_id.distinct())
    totals = session.execute(select(waiting.c.key, people).group_by(waiting.c.key)).tuples().all()
    enough = {each: number for each, number in totals if number >= LEAST_PEOPLE}
    names = _names(session.execute(
        select(waiting.c.key, waiting.c.name_key, people)
        .where(waiting.c.key.in_(enough))
        .group_by(waiting.c.key, waiting.c.name_key)
    ).tuples().all())  # fmt: skip
    found = [
        AwaitedIssuer(names.get(each, ""), "" if names.get(each) == each else each, number)
        for each, number in enough.items()
    ]
    return AwaitedIssuers(sorted(found, key=lambda each: (-each.people, each.name)), len(enough) < len(totals))


def _siren_of_names() -> Subquery:
    """The SIREN of each name whose bills have one alone."""
    mine = PrivateIssuer
    query = select(mine.name_key, func.min(mine.legal_id).label("legal_id")).where(mine.legal_id != "")
    return query.group_by(mine.name_key).having(func.count(mine.legal_id.distinct()) == 1).subquery()


def _names(rows: Iterable[tuple[str, str, int]]) -> dict[str, str]:
    """The name of each issuer that most people's bills bear, if enough do."""
    counts: dict[str, Counter[str]] = {}
    for key, name, number in rows:
        counts.setdefault(key, Counter())[name] = number
    best = {key: max(names.items(), key=lambda each: (each[1], each[0])) for key, names in counts.items()}
    return {key: name for key, (name, number) in best.items() if number >= LEAST_PEOPLE}
