"""The routes of the API of issuers' programs: each module adds its own. Registered twice, as /v1 and as /v2."""

from typing import Final

from flask import Blueprint, g

from store.issuer import Issuer

pages: Final = Blueprint("api", __name__, url_prefix="/v1")


def asking_issuer() -> Issuer:
    """Returns the issuer of the request's API key, which the route policy has checked."""
    issuer: Issuer = g.issuer
    return issuer
