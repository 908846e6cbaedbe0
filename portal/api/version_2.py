"""Version 2 of the API, under /v2: as version 1, but rows are called by public ids, not by their numbers.

Its document is made from that of version 1, which is kept by hand.
"""

import json
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any, Final

from flask import request

from portal.public_id_converter import public_id
from store.public_id import LENGTH, Kind
from webhooks.webhooks_document import webhooks_section

#: The blueprint's name in version 2.
NAME: Final = "api_2"
#: Names of JSON values that are rows.
_ROWS: Final[dict[str, Kind]] = {
    "feed": "feed",
    "question": "question",
    "account": "account",
    "endpoint": "webhook_endpoint",
    "payment": "payment",
    "mandate": "mandate",
}
#: Names of parameters that are rows; `after` is, except among a feed's items and among events.
_PARAMETERS: Final = ("feed_id", "question_id", "endpoint_id", "before", "after")
_BY_POSITION: Final = ("/v2/feeds/{feed_id}/items", "/v2/events")
_PUBLIC_ID: Final[dict[str, Any]] = {"type": "string", "pattern": f"^[a-z2-7]{{{LENGTH}}}$"}


def as_asked(report: dict[str, Any]) -> dict[str, Any]:
    """The report as this version of the API says it."""
    return _with_public_ids(report) if request.blueprint == NAME else report


def _with_public_ids(report: dict[str, Any]) -> dict[str, Any]:
    said = {name: _with_public_ids(value) if isinstance(value, dict) else value for name, value in report.items()}
    for name, kind in _ROWS.items():
        if isinstance(number := said.get(name), int):
            said[name] = public_id(number, kind)
    return said


@cache
def document_1(version_1: Path) -> dict[str, Any]:
    """The OpenAPI document of version 1, as kept by hand, with the webhooks of both versions."""
    kept: dict[str, Any] = json.loads(version_1.read_text())
    return kept | {"webhooks": webhooks_section()}


@cache
def document(version_1: Path) -> dict[str, Any]:
    """The OpenAPI document of version 2."""
    made = deepcopy(document_1(version_1))
    made["info"]["version"] = "2"
    made["paths"] = {path.replace("/v1/", "/v2/"): verbs for path, verbs in made["paths"].items()}
    for path, verbs in made["paths"].items():
        for operation in verbs.values():
            for each in operation.get("parameters", ()):
                if each["name"] in _PARAMETERS and not (path in _BY_POSITION and each["name"] == "after"):
                    each["schema"] = _PUBLIC_ID
    for schema in made["components"]["schemas"].values():
        properties = schema.get("properties", {})
        for name in (each for each in _ROWS if "type" in properties.get(each, {})):
            is_nullable = "null" in schema["properties"][name]["type"]
            schema["properties"][name] = _PUBLIC_ID | ({"type": ["string", "null"]} if is_nullable else {})
    return made
