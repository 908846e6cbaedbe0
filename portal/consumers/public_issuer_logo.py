"""Serves an issuer's logo, public."""

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from portal import app_context
from store.issuer import issuer_by_slug

pages = Blueprint("logo", __name__)


@pages.get("/emetteurs/<slug>/logo")
def show(slug: str) -> ResponseReturnValue:
    """Returns the PNG made from the issuer's file by `issuers.logo`."""
    issuer = issuer_by_slug(app_context.reading(), slug)
    if issuer is None or issuer.logo is None:
        abort(404)
    return Response(issuer.logo, mimetype="image/png", headers={"Cache-Control": "public, max-age=3600"})
