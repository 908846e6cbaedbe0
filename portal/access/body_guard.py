"""Guards request bodies: how large one may be, and who may send it, before any of it is read.

Our web server (`portal.web_server`) calls the app with a request's headers first and asks whether the body may come.
The answer is the guard's own (`portal.access.route_guard`). Another WSGI server asks nothing; then only the size is
limited here.
"""

from typing import Final

from flask import Flask, Response, abort, g, request
from flask.typing import ResponseReturnValue

from portal.access.current_user import signed_in_user
from portal.access.route_guard import may_enter, policy_line
from portal.access.trusted_proxies import household
from portal.problems import problem
from portal.problems.problem_types import REQUEST_UNDER_WAY
from portal.web_server.body_admission import ADMISSION, BODY_FAILURE

#: How many bodies may be under way at once: from one client, and with one issuer's keys or one visitor's session.
OF_A_CLIENT: Final = 32
OF_ONE: Final = 8
#: Seconds after which to try again while there are as many.
SOON: Final = 5


def install(app: Flask) -> None:
    """Guard the body of every request, before anything reads it."""
    app.before_request(_guard_body)


def _guard_body() -> ResponseReturnValue | None:
    if failure := request.environ.get(BODY_FAILURE):
        abort(failure)
    line = policy_line()
    if line is not None:
        request.max_content_length = line.body
    admission = request.environ.get(ADMISSION)
    if admission is None:
        return None
    if request.routing_exception is not None:
        raise request.routing_exception
    if (door := may_enter()) is not None:
        return door
    assert line is not None
    if (request.content_length or 0) > line.body:
        abort(413, f"the body has at most {line.body} bytes")
    if (asked := _named_request()) and admission.under_way.count(asked):
        problem(REQUEST_UNDER_WAY, "a request under this Idempotency-Key is under way")
    if not admission.admit(line.body, _whose_bodies() | ({asked: 1} if asked else {})):
        abort(429, "too many bodies are under way: wait for some of them", retry_after=SOON)
    return Response(status=204)


def _named_request() -> str:
    """Returns the name of an issuer's request by its Idempotency-Key; "" without one."""
    key = request.headers.get("Idempotency-Key", "")
    return f"issuer {g.issuer.id} {key}" if key and "issuer" in g else ""


def _whose_bodies() -> dict[str, int]:
    """Returns whom this body is counted for, with how many may be under way."""
    counted = {f"client {household(request.remote_addr or '')}": OF_A_CLIENT}
    if (issuer := g.get("issuer")) is not None:
        counted[f"issuer {issuer.id}"] = OF_ONE
    elif (visitor := signed_in_user()) is not None:
        counted[f"visitor {visitor.name}"] = OF_ONE
    return counted
