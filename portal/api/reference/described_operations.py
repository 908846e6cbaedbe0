"""The operations and types of the API's document, as its reference shows them."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from portal.api.reference.curl_line import curl_line
from portal.api.reference.type_words import Field, TypeWord, fields_of, type_words


class DescribedAnswer(NamedTuple):
    """An answer of one status. *problems*: the names of the types of problems that it may be."""

    status: str
    description: str
    kind: list[TypeWord]
    problems: list[str]


class DescribedOperation(NamedTuple):
    """One operation with what it takes and answers. *place* says where a parameter stands: path, query, header."""

    name: str
    method: str
    path: str
    summary: str
    description: list[str]  # paragraphs
    scopes: list[str]
    parameters: list[tuple[str, Field]]
    body: list[tuple[str, list[TypeWord]]]  # by media type
    answers: list[DescribedAnswer]
    curl: str
    example: str  # what is answered, in JSON; "" where there is no example


class DescribedTag(NamedTuple):
    """The operations of one noun."""

    name: str
    operations: list[DescribedOperation]


class DescribedType(NamedTuple):
    """A type with its fields."""

    name: str
    description: list[str]
    fields: list[Field]


def described_tags(document: dict[str, Any], address: str) -> list[DescribedTag]:
    """Returns all operations by their nouns, in the order of the paths."""
    tags: dict[str, list[DescribedOperation]] = {}
    for path, verbs in document["paths"].items():
        for method, operation in verbs.items():
            tags.setdefault(operation["tags"][0], []).append(_operation(path, method, operation, address))
    return [DescribedTag(*each) for each in tags.items()]


def described_types(document: dict[str, Any]) -> list[DescribedType]:
    """Returns all types that have a name."""
    return [
        DescribedType(name, _paragraphs(schema.get("description", "")), fields_of(schema))
        for name, schema in sorted(document["components"]["schemas"].items())
    ]


def _operation(path: str, method: str, told: dict[str, Any], address: str) -> DescribedOperation:
    content = told.get("requestBody", {}).get("content", {})
    return DescribedOperation(
        name=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told["summary"],
        description=_paragraphs(told.get("description", "")),
        scopes=[scope for each in told["security"] for scope in each["key"]],
        parameters=[(each["in"], _parameter(each)) for each in told.get("parameters", ())],
        body=[(media_type, type_words(each["schema"])) for media_type, each in content.items()],
        answers=[_answer(status, each) for status, each in told["responses"].items()],
        curl=curl_line(address, path, method, told),
        example=_example(told["responses"]),
    )


def _parameter(told: dict[str, Any]) -> Field:
    return Field(told["name"], type_words(told["schema"]), told.get("description", ""), told["required"])


def _answer(status: str, told: dict[str, Any]) -> DescribedAnswer:
    schemas = [each["schema"] for each in told.get("content", {}).values()]
    problems = [uri.rpartition("/")[2] for each in schemas for uri in _consts(each) if "/problems/" in uri]
    kind = [] if problems else [word for each in schemas for word in type_words(each)]
    return DescribedAnswer(status, told["description"], kind, problems)


def _consts(schema: Any) -> Iterator[str]:
    """All constant texts within a schema."""
    if isinstance(schema, dict):
        if isinstance(said := schema.get("const"), str):
            yield said
        for each in schema.values():
            yield from _consts(each)
    elif isinstance(schema, list):
        for each in schema:
            yield from _consts(each)


def _example(responses: dict[str, Any]) -> str:
    return next(_examples(responses.values()), "")


def _examples(responses: Iterable[dict[str, Any]]) -> Iterator[str]:
    for each in responses:
        for content in each.get("content", {}).values():
            if "example" in content:
                yield _json(content["example"])


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _paragraphs(text: str) -> list[str]:
    return [" ".join(each.split()) for each in text.split("\n\n") if each.strip()]
