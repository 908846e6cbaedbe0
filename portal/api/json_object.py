"""Reads the body of a request that must be a JSON object."""

from typing import Any

from flask import abort, request


def json_object(sentence: str = "the body is a JSON object") -> dict[str, Any]:
    """Returns the request's JSON object. Aborts with 422 and this sentence where the body is none, or is nested deeper
    than Python reads."""
    try:
        said: Any = request.get_json(silent=True)
    except RecursionError:
        said = None
    return said if isinstance(said, dict) else abort(422, sentence)
