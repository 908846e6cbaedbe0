"""JSON Schemas in words: `list of FeedLine`, `text or null`, `one of open, closed`."""

from itertools import chain
from typing import Any, Final, NamedTuple

#: What the types of JSON are called here.
_NAMES: Final = {
    "string": "text", "integer": "whole number", "number": "number", "boolean": "true or false", "null": "null",
    "object": "object", "array": "list",
}  # fmt: skip
_FORMATS: Final = {"date": "day", "date-time": "moment", "uri": "address", "uri-reference": "address"}


class TypeWord(NamedTuple):
    """A part of a type in words. *link* is the name of the type that it stands for, or ""."""

    text: str
    link: str = ""


class Field(NamedTuple):
    """A field of an object, or a parameter."""

    name: str
    kind: list[TypeWord]
    description: str
    is_required: bool


def type_words(schema: dict[str, Any]) -> list[TypeWord]:
    """Returns a schema in words, without its description."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return [TypeWord(name, name)]
    if "const" in schema:
        return [TypeWord(f"always {schema['const']}")]
    if "enum" in schema:
        return [TypeWord("one of " + ", ".join("null" if each is None else str(each) for each in schema["enum"]))]
    if parts := schema.get("anyOf") or schema.get("oneOf"):
        return _joined([type_words(each) for each in parts])
    if schema.get("type") == "array":
        return [TypeWord("list of "), *type_words(schema.get("items", {}))]
    if schema.get("type") == "object" and isinstance(values := schema.get("additionalProperties"), dict):
        return [TypeWord("object of "), *type_words(values)]
    kind = schema.get("type", "")
    words = _FORMATS.get(schema.get("format", "")) or _NAMES.get(kind, "any value")
    return [TypeWord(words + _bounds(schema))]


def fields_of(schema: dict[str, Any]) -> list[Field]:
    """Returns the fields of an object's schema."""
    required = set(schema.get("required", ()))
    return [
        Field(name, type_words(each), each.get("description") or _inner_description(each), name in required)
        for name, each in schema.get("properties", {}).items()
    ]


def _inner_description(schema: dict[str, Any]) -> str:
    return next((each["description"] for each in schema.get("anyOf", ()) if "description" in each), "")


def _joined(parts: list[list[TypeWord]]) -> list[TypeWord]:
    return list(chain.from_iterable(part if not n else [TypeWord(" or "), *part] for n, part in enumerate(parts)))


def _bounds(schema: dict[str, Any]) -> str:
    """Returns what limits a number or a text: ` from 1 to 200`."""
    least, most = schema.get("minimum"), schema.get("maximum")
    if most is not None and most < 1 << 53:
        return f" from {least or 0} to {most}"
    if "maxLength" in schema:
        return f", at most {schema['maxLength']} characters"
    return ""
