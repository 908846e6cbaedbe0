"""A route's side of the contract: its summary, what it takes and answers, and the problems it may have."""

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any, Final, NamedTuple, get_args, get_origin, get_type_hints

from flask import Response

from portal.access.security_headers_and_csrf import csrf
from portal.api.contract.reply import Reply, respond
from portal.api.contract.request_parts import JSON, read_body, read_headers, read_query
from portal.problems import ProblemType

#: The most bytes of a JSON body, unless its operation says otherwise.
LARGEST_BODY: Final = 64 * 1024
#: The parameters of a route that are Structs, read from the request.
_PARTS: Final = ("query", "headers", "body")


class Said(NamedTuple):
    """An answer as the document tells it. *kind* is the type of its body; None: it has none, or is a file of one of
    these *media_types*."""

    description: str
    kind: Any = None
    media_types: tuple[str, ...] = (JSON,)


class Operation(NamedTuple):
    """What is told of one route."""

    name: str
    summary: str
    description: str
    path: Mapping[str, Any]  # the types of the path's parameters, by name
    query: type | None
    headers: type | None
    body: Any  # the type of the body; None: it has none
    body_media_types: tuple[str, ...]
    answers: Mapping[int, Said]
    problems: tuple[ProblemType, ...]


#: All operations, by the names of their routes in the blueprints `api` and `api_2`.
OPERATIONS: Final[dict[str, Operation]] = {}


def operation(
    *problems: ProblemType,
    answers: Mapping[int, str | Said] | None = None,
    headers: type | None = None,
    body: Any = None,
    body_media_types: tuple[str, ...] = (JSON,),
    largest_body: int = LARGEST_BODY,
) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """Describe a route of the API, and call it as it is described.

    The first line of the route's docstring is the summary, the rest the description: they are for whoever writes a
    program. Its parameters `query`, `headers` and `body` are Structs, which are read from the request and checked
    before it is called; all others are parts of its path.

    *problems* are those that only the route knows; those that follow from its signature are added (401, 404 of a path
    with an id, 400 of a query, 412, 413, 415 and 422 of a body, 429). *answers* says what each status means; without
    it there is 200. *headers* and *body* are the types of what the route reads by itself: a stream, or by a reader of
    its own.
    """

    def described(route: Callable[..., Any]) -> Callable[..., Response]:
        path = get_type_hints(route, include_extras=True)
        returned = _body_type(path.pop("return", None))
        parts = {name: path.pop(name) for name in _PARTS if name in path}
        summary, _, description = inspect.cleandoc(route.__doc__ or "").partition("\n\n")
        OPERATIONS[route.__name__] = Operation(
            name=route.__name__,
            summary=" ".join(summary.split()).rstrip("."),
            description=description,
            path=path,
            query=parts.get("query"),
            headers=parts.get("headers", headers),
            body=parts.get("body", body),
            body_media_types=body_media_types,
            answers=_answers(answers, returned),
            problems=problems,
        )

        @wraps(route)
        def answered(**given: Any) -> Response:
            for name, kind in parts.items():
                given[name] = _read(name, kind, largest_body)
            return respond(route(**given))

        csrf.exempt(answered)  # a key in a header is not sent along by a browser
        return answered

    return described


def _read(part: str, kind: Any, largest_body: int) -> Any:
    if part == "body":
        return read_body(kind, largest_body)
    return read_query(kind) if part == "query" else read_headers(kind)


def _answers(said: Mapping[int, str | Said] | None, kind: Any) -> dict[int, Said]:
    """Returns the answers by status; a description alone is of the type that the route returns."""
    said = said or {HTTPStatus.OK: _first_sentence(kind)}
    return {int(status): Said(each, kind) if isinstance(each, str) else each for status, each in said.items()}


def _body_type(returned: Any) -> Any:
    """Returns the type of the body that a route returns; None where it has none, or makes its answer by itself."""
    kind = get_args(returned)[0] if get_origin(returned) is Reply else returned
    return None if kind in {Response, type(None), None} else kind


def _first_sentence(kind: Any) -> str:
    words = inspect.cleandoc(getattr(kind, "__doc__", None) or "Done.").partition("\n\n")[0]
    return " ".join(words.split())
