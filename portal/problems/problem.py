"""Refuse a request with a problem (RFC 9457)."""

from http import HTTPStatus
from typing import Annotated, Any, NoReturn

import msgspec
from werkzeug.exceptions import HTTPException

from portal.problems.problem_type import ProblemType


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """What went wrong (RFC 9457). Some types have further members."""

    type: Annotated[
        str,
        msgspec.Meta(
            description="Which type of problem: the address of a page that tells what it means and what to do.",
            extra_json_schema={"format": "uri-reference"},
        ),
    ]
    title: Annotated[str, msgspec.Meta(description="The same words for every problem of this type.")]
    status: Annotated[int, msgspec.Meta(ge=400, le=599, description="The status code of the answer.")]
    detail: Annotated[str, msgspec.Meta(description="What went wrong this time, in English.")]


class ProblemError(HTTPException):
    """A request is refused with a problem of this type; *members* are its further members."""

    def __init__(self, kind: ProblemType, detail: str, members: dict[str, Any]) -> None:
        super().__init__(detail)
        self.code = kind.status
        self.problem_type = kind
        self.members = members

    @property
    def name(self) -> str:
        """The status code's words."""
        return HTTPStatus(self.problem_type.status).phrase


def problem(kind: ProblemType, detail: str, **members: Any) -> NoReturn:
    """Refuse the request. *detail* says what went wrong this time, in English; *members* are those that *kind* has."""
    raise ProblemError(kind, detail, members)
