"""What the signed-in member of staff may see: an operator everything, an issuer's member its issuer only."""

from flask import abort

from portal import app_context
from portal.access import current_user, staff_side
from store.feeds.feed import Feed
from store.issuer import Issuer, all_issuers, issuers_by_id


def issuer_id() -> int | None:
    """Returns the id of the member's issuer, or of its test side while they look at that; None for an operator."""
    side = staff_side.test_side()
    return current_user.staff().issuer_id if side is None else side.id


def check(owner_id: int) -> None:
    """Aborts with 404 if this issuer is not in the visitor's scope. An operator's holds no test side."""
    mine = issuer_id()
    if owner_id != mine and (mine is not None or app_context.reading().get_one(Issuer, owner_id).is_test_side):
        abort(404)


def issuer(owner_id: int) -> Issuer:
    """Returns the issuer. Aborts with 404 if there is none on board or it is not in the visitor's scope."""
    found = app_context.reading().get(Issuer, owner_id)
    if found is None or found.private_to is not None:
        abort(404)
    check(found.id)
    return found


def feed(feed_id: int) -> Feed:
    """Returns the feed. Aborts with 404 if there is none or it is not in the visitor's scope."""
    found = app_context.reading().get(Feed, feed_id)
    if found is None:
        abort(404)
    check(found.issuer_id)
    return found


def may_decide(held: Feed) -> bool:
    """Returns whether the visitor may release or reject a held feed: nobody whose role only reads; an operator always,
    an issuer's member only once the feed was read (why a feed could not be read, an operator finds out)."""
    visitor = current_user.staff()
    return visitor.has_role("editor") and (visitor.is_operator or held.read_at is not None)


def issuers() -> dict[int, Issuer]:
    """Returns the issuers in the visitor's scope by id, in the order of their names."""
    return _issuers(issuer_id())


def own_issuers() -> dict[int, Issuer]:
    """Returns the same, whichever side is looked at: those whose people are shown."""
    return _issuers(current_user.staff().issuer_id)


def _issuers(mine: int | None) -> dict[int, Issuer]:
    session = app_context.reading()
    return {issuer.id: issuer for issuer in all_issuers(session)} if mine is None else issuers_by_id(session, [mine])
