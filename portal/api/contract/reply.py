"""What a route answers: a report, encoded as its type says it, with the headers that belong to it."""

import hashlib
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final, Generic, NamedTuple, TypeVar

import msgspec
from flask import Response, request

from portal.api.contract.row_ids_outside import tell_row

Body = TypeVar("Body")


class Reply(NamedTuple, Generic[Body]):
    """A report with another status than 200, with headers, or with an ETag that is not its own."""

    body: Body
    status: int = 200
    headers: Mapping[str, str] = {}
    etag: str = ""


def encode(body: Any) -> bytes:
    """Returns a report in JSON, its rows as this version of the API calls them."""
    return _ENCODER.encode(body)


def etag(encoded: bytes) -> str:
    """Returns the entity tag of a report."""
    return hashlib.sha256(encoded).hexdigest()[:32]


def respond(said: Any) -> Response:
    """Returns the HTTP answer of what a route returned. A GET has an ETag and heeds `If-None-Match`; a page of a list
    leads on by `Link` (RFC 8288) as by its `next`."""
    if isinstance(said, Response):
        return said
    answer = said if isinstance(said, Reply) else Reply(said)
    if answer.body is None:
        return _with_headers(Response(status=HTTPStatus.NO_CONTENT), answer)
    encoded = encode(answer.body)
    response = _with_headers(Response(encoded, answer.status, mimetype="application/json"), answer)
    if (following := _next(answer.body)) is not None:
        response.headers["Link"] = f'<{following}>; rel="next"'
    if request.method in {"GET", "HEAD"}:
        response.set_etag(answer.etag or etag(encoded))
        response.make_conditional(request)
    elif answer.etag:
        response.set_etag(answer.etag)
    return response


def _with_headers(response: Response, answer: Reply[Any]) -> Response:
    response.headers.update(answer.headers)
    return response


def _next(body: Any) -> str | None:
    """Returns where a page of a list leads on."""
    following = getattr(body, "next", None)
    return following if isinstance(following, str) else None


_ENCODER: Final = msgspec.json.Encoder(enc_hook=tell_row)
