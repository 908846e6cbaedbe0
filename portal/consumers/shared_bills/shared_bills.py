"""« Les factures de Sylvie »: the list of bills that a grant opens to the visitor."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Final

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access import current_user
from portal.consumers.presenters.grant_scope import grant_scopes
from portal.public_id_converter import public_id, row_of
from store.access_grants.access_grant import AccessGrant, grants_of_reader
from store.access_grants.granted_bills import GrantedBill, granted_bills
from store.accounts.consumer import names_of

pages: Final = Blueprint("shared_bills", __name__, url_prefix="/partages/<row(grant):grant_id>")

#: Bills on a page.
PAGE: Final = 24


@pages.get("")
def show(grant_id: int) -> ResponseReturnValue:
    session, me, today = app_context.reading(), current_user.consumer_id(), app_context.today()
    grant = granted_to_me(grant_id)
    before = _before(request.args.get("avant", ""))
    found = granted_bills(session, me, grant_id, today, before, PAGE + 1)
    shown = found[:PAGE]
    return render_template(
        "consumers/shared_bills/shared_bills.html",
        scope=grant_scopes(session, [grant])[0],
        owner=names_of(session, {grant.owner_id})[grant.owner_id],
        months=[
            (month, list(bills)) for month, bills in groupby(shown, lambda each: each.bill.issue_date.replace(day=1))
        ],
        newer=url_for(".show", grant_id=grant_id) if before else None,
        older=url_for(".show", grant_id=grant_id, avant=_key(shown)) if len(found) > PAGE else None,
    )


def granted_to_me(grant_id: int) -> AccessGrant:
    """Returns the grant if the visitor reads by it today; else aborts with 404."""
    mine = grants_of_reader(app_context.reading(), current_user.consumer_id(), app_context.today())
    return next((each for each in mine if each.id == grant_id), None) or abort(404)


def _key(shown: Sequence[GrantedBill]) -> str:
    last = shown[-1].bill
    return f"{last.issue_date}.{public_id(last.id, 'bill')}"


def _before(text: str) -> tuple[date, int] | None:
    """Read the key of the page before; None if it is missing or malformed."""
    day, _, number = text.partition(".")
    bill_id = row_of(number, "bill")
    try:
        return None if bill_id is None else (date.fromisoformat(day), bill_id)
    except ValueError:
        return None
