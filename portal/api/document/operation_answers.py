"""The answers of an operation: its own, and every problem that it may have."""

from collections.abc import Iterable
from http import HTTPStatus
from itertools import groupby
from typing import Any, Final

import msgspec
from werkzeug.routing import Rule

from portal.access.route_policy import RoutePolicy
from portal.api.contract import IfMatch
from portal.api.contract.operation import Operation, Said
from portal.api.contract.request_parts import JSON
from portal.api.document.type_schemas import TypeSchemas
from portal.problems import Problem, ProblemType
from portal.problems.problem_answer import MEDIA_TYPE
from portal.problems.problem_types import (
    INSUFFICIENT_SCOPE,
    NOT_FOUND,
    PRECONDITION_FAILED,
    REQUEST_UNDER_WAY,
    TOO_LARGE,
    TOO_MANY_REQUESTS,
    TOO_SLOW,
    UNAUTHORIZED,
    UNREADABLE_BODY,
    UNREADABLE_PARAMETER,
    UNSUPPORTED_MEDIA_TYPE,
)

_TEXT: Final[dict[str, Any]] = {"type": "string"}
_HEADERS: Final[dict[str, dict[str, Any]]] = {
    "ETag": {"description": "Changes when the answer does (RFC 9110).", "schema": _TEXT},
    "Link": {"description": "Where the list goes on (RFC 8288), as `next`.", "schema": _TEXT},
    "Location": {"description": "Where it is.", "schema": {"type": "string", "format": "uri-reference"}},
    "WWW-Authenticate": {"description": "How a key is brought (RFC 6750).", "schema": _TEXT},
    "Retry-After": {"description": "After how many seconds to ask again.", "schema": {"type": "integer"}},
}


def answers_of(
    rule: Rule, told: Operation, method: str, line: RoutePolicy, schemas: TypeSchemas
) -> dict[str, dict[str, Any]]:  # fmt: skip
    """Returns the responses of an operation by status."""
    said = {str(status): _answer(each, status, method, schemas) for status, each in told.answers.items()}
    if method == "GET" and HTTPStatus.OK in told.answers:
        said["304"] = {"description": "Nothing has changed since the `If-None-Match` that was sent."}
    ordered = sorted(_problems(rule, told, line), key=lambda each: each.status)
    for status, kinds in groupby(ordered, key=lambda each: each.status):
        said[str(status)] = _refusal(list(kinds), schemas)
    return dict(sorted(said.items()))


def _answer(said: Said, status: int, method: str, schemas: TypeSchemas) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": said.description}
    names = [name for name, applies in (
        ("Location", status in {HTTPStatus.CREATED, HTTPStatus.ACCEPTED} and method == "POST"),
        ("ETag", method == "GET"),
        ("Link", method == "GET" and "next" in getattr(said.kind, "__annotations__", ())),
    ) if applies]  # fmt: skip
    if names:
        answer["headers"] = {name: _HEADERS[name] for name in names}
    if said.kind is not None:
        answer["content"] = {JSON: {"schema": schemas.of(said.kind)}}
    elif said.media_types != (JSON,):
        answer["content"] = {each: {"schema": {}} for each in said.media_types}
    return answer


def _problems(rule: Rule, told: Operation, line: RoutePolicy) -> set[ProblemType]:
    """Returns the problems that an operation names, and those that follow from what it takes."""
    found = {*told.problems, TOO_MANY_REQUESTS}
    if line.who == "key":
        found |= {UNAUTHORIZED, INSUFFICIENT_SCOPE}
    if rule.arguments:
        found.add(NOT_FOUND)
    if told.query is not None or told.headers is not None:
        found.add(UNREADABLE_PARAMETER)
    if isinstance(told.headers, type) and issubclass(told.headers, IfMatch):
        found.add(PRECONDITION_FAILED)
    if any(each.encode_name == "Idempotency-Key" for each in msgspec.structs.fields(told.headers or msgspec.Struct)):
        found.add(REQUEST_UNDER_WAY)
    if told.body is not None:
        found |= {UNREADABLE_BODY, TOO_LARGE, UNSUPPORTED_MEDIA_TYPE}
    if TOO_LARGE in found:
        found.add(TOO_SLOW)
    return found


def _refusal(kinds: Iterable[ProblemType], schemas: TypeSchemas) -> dict[str, Any]:
    """Returns the response of one status, whatever of these problems it is."""
    kinds = sorted(kinds, key=lambda each: each.name)
    parts = [_problem_schema(each, schemas) for each in kinds]
    schema = parts[0] if len(parts) == 1 else {"oneOf": parts}
    said: dict[str, Any] = {
        "description": " Or: ".join(f"{each.title}. {each.means}" for each in kinds),
        "content": {MEDIA_TYPE: {"schema": schema}},
    }
    if kinds[0].status == UNAUTHORIZED.status:
        said["headers"] = {"WWW-Authenticate": _HEADERS["WWW-Authenticate"]}
    if kinds[0].status == TOO_MANY_REQUESTS.status:
        said["headers"] = {"Retry-After": _HEADERS["Retry-After"]}
    return said


def _problem_schema(kind: ProblemType, schemas: TypeSchemas) -> dict[str, Any]:
    parts = [schemas.of(Problem), {"properties": {"type": {"const": kind.uri}, "status": {"const": kind.status}}}]
    if kind.members is not None:
        parts.append(schemas.of(kind.members))
    return {"allOf": parts}
