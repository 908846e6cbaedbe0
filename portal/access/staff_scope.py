"""What a member of staff may see: an operator everything, a member its issuer alone."""

from flask import abort

from portal import app_context
from portal.access import current_user
from store.feeds.feed import Feed
from store.issuer import Issuer, all_issuers, issuers_by_id


def issuer_id() -> int | None:
    """The one issuer of a member; None for an operator, who sees all."""
    return current_user.staff().issuer_id


def check(owner_id: int) -> None:
    """What belongs to another issuer looks like what is not there."""
    if issuer_id() not in {None, owner_id}:
        abort(404)


def feed(feed_id: int) -> Feed:
    """A feed that is to be seen here; any other is not there."""
    found = app_context.reading().get(Feed, feed_id)
    if found is None:
        abort(404)
    check(found.issuer_id)
    return found


def may_decide(held: Feed) -> bool:
    """Whether the visitor may release or reject a held feed: an operator any, a member its issuer's own once it was
    read, since what it holds is theirs to say. Why we could not read one, an operator finds out."""
    return current_user.staff().is_operator or held.read_at is not None


def issuers() -> dict[int, Issuer]:
    """The issuers to be seen here, by name."""
    session, mine = app_context.reading(), issuer_id()
    return {issuer.id: issuer for issuer in all_issuers(session)} if mine is None else issuers_by_id(session, [mine])
