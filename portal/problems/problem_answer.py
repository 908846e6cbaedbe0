"""Answer an error of the API as a problem (RFC 9457)."""

from http import HTTPStatus
from typing import Final

import msgspec
from flask import Response
from werkzeug.exceptions import HTTPException

from portal.problems.problem import Problem, ProblemError
from portal.problems.problem_type import ProblemType
from portal.problems.problem_types import USUAL_TYPES

#: The media type of problems.
MEDIA_TYPE: Final = "application/problem+json"


def problem_answer(error: HTTPException) -> Response:
    """Returns the error as problem details. An error that names no type has the usual one of its status; its `detail`
    is then its own sentence."""
    status = error.code or 500
    kind = getattr(error, "problem_type", None) or USUAL_TYPES.get(status) or _untold(status)
    members = error.members if isinstance(error, ProblemError) else {}
    told = Problem(type=kind.uri, title=kind.title, status=status, detail=error.description or kind.means)
    body = msgspec.json.encode({**msgspec.structs.asdict(told), **members}, enc_hook=int)
    return Response(body, status, mimetype=MEDIA_TYPE)


def _untold(status: int) -> ProblemType:
    """Returns the type of a problem that says no more than its status (RFC 9457, 4.2.1)."""
    words = HTTPStatus(status).phrase
    return ProblemType(name="", status=status, title=words, means=words, to_do="")
