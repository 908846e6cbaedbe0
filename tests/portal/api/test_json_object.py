"""A body that is no JSON object is refused, however deep it is nested."""

import pytest
from flask import Flask
from werkzeug.exceptions import UnprocessableEntity

from portal.api.json_object import json_object


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"5", b"{", b"\xff", b'{"n": ' + b"9" * 5000 + b"}", b"[" * 60_000, b'{"a":' * 10_000]
)
def test_what_is_no_object_is_refused(body: bytes) -> None:
    asked = Flask(__name__).test_request_context(method="PUT", data=body, content_type="application/json")
    with asked, pytest.raises(UnprocessableEntity, match="the body is a JSON object"):
        json_object()


def test_an_object_is_read() -> None:
    asked = Flask(__name__).test_request_context(method="PUT", json={"names": ["Alice"]})
    with asked:
        assert json_object() == {"names": ["Alice"]}
