"""An issuer as lists read it: without its logo, which may weigh more than the page."""

from collections.abc import Collection
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from store.issuer import Issuer


class ListedIssuer(NamedTuple):
    """The columns of `Issuer` that a list shows. *has_logo* says whether there is one."""

    id: int
    slug: str
    name: str
    profile: str
    voice: str | None
    changed_at: datetime
    has_logo: bool


def listed_issuers(session: Session, ids: Collection[int]) -> dict[int, ListedIssuer]:
    """The issuers of these ids, by id, in the order of their names."""
    found = session.connection().execute(_QUERY, {"ids": ids}) if ids else ()
    return {each.id: each for each in (ListedIssuer(*row) for row in found)}


_QUERY: Final = (
    select(
        Issuer.id, Issuer.slug, Issuer.name, Issuer.profile, Issuer.voice, Issuer.changed_at, Issuer.logo.is_not(None)
    )
    .where(Issuer.id.in_(bindparam("ids", expanding=True)))
    .order_by(Issuer.name)
)
