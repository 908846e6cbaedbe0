"""Serves an issuer's logo, public; for a year under the address that bears its version (`issuer_badge`)."""

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.presenters.issuer_badge import logo_version
from portal.static_files import ASK_AGAIN, FOR_EVER
from store.issuer import issuer_by_slug

pages = Blueprint("logo", __name__)


@pages.get("/emetteurs/<slug>/logo")
def show(slug: str) -> ResponseReturnValue:
    """Returns the PNG made from the issuer's file by `issuers.logo`."""
    issuer = issuer_by_slug(app_context.reading(), slug)
    if issuer is None or issuer.logo is None:
        abort(404)
    answer = Response(issuer.logo, mimetype="image/png")
    is_present = request.args.get("v") == str(logo_version(issuer))
    answer.headers["Cache-Control"] = FOR_EVER if is_present else ASK_AGAIN
    answer.add_etag()
    return answer.make_conditional(request)
