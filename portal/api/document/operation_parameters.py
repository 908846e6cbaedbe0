"""The parameters of an operation: parts of its path, its query, its headers."""

import re
from typing import Any, Final

from werkzeug.routing import Rule

from portal.api.contract.operation import Operation
from portal.api.document.type_schemas import TypeSchemas

_PLACE: Final = re.compile(r"<(?:[\w()]+:)?(\w+)>")
_TOLD_PLACE: Final = re.compile(r"{(\w+)}")
#: What every GET heeds.
IF_NONE_MATCH: Final[dict[str, Any]] = {
    "name": "If-None-Match", "in": "header", "required": False, "schema": {"type": "string"},
    "description": "The ETag that you have: 304, without a body, where nothing has changed.",
}  # fmt: skip


def path_of(rule: Rule, named: dict[str, str]) -> str:
    """Returns a rule's path as OpenAPI writes it: `/v1/feeds/{feed_id}`. Paths that differ in the names of their places
    alone are one path, with the names of the first: *named* has the paths by their shapes, and takes this one up."""
    return named.setdefault(_PLACE.sub("{}", rule.rule), _PLACE.sub(r"{\1}", rule.rule))


def parameters_of(rule: Rule, path: str, told: Operation, method: str, schemas: TypeSchemas) -> list[dict[str, Any]]:
    """Returns the parameters of an operation: of the *path*, by the names that it has there, then of the query, then
    headers."""
    places = sorted(zip(_TOLD_PLACE.findall(path), _PLACE.findall(rule.rule), strict=True))
    found = [_parameter(name, "path", schemas.value(told.path.get(own, str)), True) for name, own in places]
    for kind, place in ((told.query, "query"), (told.headers, "header")):
        if kind is not None:
            properties, required = schemas.part(kind)
            found += [_parameter(name, place, schema, name in required) for name, schema in properties.items()]
    return [*found, IF_NONE_MATCH] if method == "GET" else found


def _parameter(name: str, place: str, schema: dict[str, Any], is_required: bool) -> dict[str, Any]:
    schema = _without_null(schema)
    said: dict[str, Any] = {"name": name, "in": place, "required": is_required}
    if (description := schema.pop("description", None)) is not None:
        said["description"] = description
    if schema.get("default") in ("", [], None):
        schema.pop("default", None)
    return {**said, "schema": schema}


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Returns the schema of a parameter that is there: one that is not has no value, and never null."""
    outer = dict(schema)
    parts = [each for each in outer.pop("anyOf", ()) if each != {"type": "null"}]
    return outer | parts[0] if len(parts) == 1 else dict(schema)
