"""Whether the portal can do its work: asked by whoever watches it."""

from flask import Blueprint, Response
from sqlalchemy import select

from portal import here

pages = Blueprint("health", __name__)


@pages.get("/sante")
def show() -> Response:
    """200 when the database answers; otherwise the error page's 500."""
    here.reading().execute(select(1))
    return Response("ok\n", mimetype="text/plain")
