"""What search engines may keep: the landing page and the doors to it. `/robots.txt`, and the icon that browsers want.

Bills and settings ask for a sign-in, so that no crawler ever sees one. Pages that anybody can open who has a link (in a
letter, in an e-mail) say in a header that they are not to be kept; they have to be readable for that, so robots.txt
forbids nothing.
"""

from typing import Final

from flask import Blueprint, Flask, Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.access.route_policy import POLICY

pages = Blueprint("search_engines", __name__)

#: Pages for everybody that are to be found.
FOUND: Final = frozenset({"home.show", "sign_up.show", "sign_in.show"})
_ROBOTS: Final = "User-agent: *\nDisallow:\n"


def install(app: Flask) -> None:
    """Say on each page for everybody that is not FOUND that no search engine keeps it."""
    app.register_blueprint(pages)
    app.after_request(_keep_out)


@pages.get("/robots.txt")
def robots() -> ResponseReturnValue:
    return Response(_ROBOTS, mimetype="text/plain")


@pages.get("/favicon.ico")
def icon() -> ResponseReturnValue:
    """Browsers ask for it here where no page names another one: beside a PDF, or an error of a proxy."""
    return redirect(url_for("static", filename="facteur.svg"), 301)


def _keep_out(response: Response) -> Response:
    policy = POLICY.get((request.endpoint or "", "GET"))
    is_public = policy is None or policy.who == "public"
    if is_public and response.mimetype == "text/html" and request.endpoint not in FOUND:
        response.headers.setdefault("X-Robots-Tag", "noindex")
    return response
