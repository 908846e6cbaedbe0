"""What a member of staff may see: an operator everything, a member its issuer alone."""

from flask import abort
from sqlalchemy import select

from portal import here, visitor
from store.issuer import Issuer


def issuer_id() -> int | None:
    """The one issuer of a member; None for an operator, who sees all."""
    return visitor.staff().issuer_id


def check(owner_id: int) -> None:
    """What belongs to another issuer looks like what is not there."""
    if issuer_id() not in {None, owner_id}:
        abort(404)


def issuers() -> dict[int, Issuer]:
    """The issuers to be seen here, by name."""
    query = select(Issuer).order_by(Issuer.name)
    if (mine := issuer_id()) is not None:
        query = query.where(Issuer.id == mine)
    return {issuer.id: issuer for issuer in here.reading().scalars(query)}
