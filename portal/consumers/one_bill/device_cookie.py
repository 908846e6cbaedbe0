"""The cookie of a device that was admitted to one bill: a secret made for this link alone, sent to its pages alone.

It is made anew when somebody presses the button, so that nobody else can have put it there.
"""

import secrets
from datetime import datetime
from typing import Final

from flask import Response, request, url_for

from portal import app_context

_BYTES: Final = 16


def device_secret() -> str:
    """Returns the secret that the browser sent for this link; "" for none."""
    return request.cookies.get(_name(), "")


def new_secret() -> str:
    """Returns a secret that nobody has yet."""
    return secrets.token_hex(_BYTES)


def keep_secret(response: Response, token: str, secret: str, until: datetime) -> Response:
    """Let the browser keep the secret for the pages of this link, until the link closes. It is told for how long, since
    its clock is not that of the business."""
    response.set_cookie(
        _name(), secret, path=url_for("one_bill.show", token=token), max_age=until - app_context.now(),
        secure=_is_https(), httponly=True, samesite="Lax",
    )  # fmt: skip
    return response


def _name() -> str:
    return "__Secure-facteur-facture" if _is_https() else "facteur-facture"


def _is_https() -> bool:
    return app_context.config().public_url.startswith("https://")
