"""One line of the log a request: the route's name, never the path, which may hold a link's secret; and the request's
id, which jobs that it asked for bear as well."""

import logging
from time import perf_counter

from flask import Flask, Response, g, request

from logs.log_context import begin_request, request_id

log = logging.getLogger(__name__)


def install(app: Flask) -> None:
    """Give each request an id, and tell how it ended. To be called before anything else looks at requests."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    begin_request()
    g.request_began = perf_counter()


def _end(answer: Response) -> Response:
    route = request.endpoint or "nothing"
    spent = round((perf_counter() - g.get("request_began", perf_counter())) * 1000, 1)
    told = {"route": route, "method": request.method, "status": answer.status_code, "milliseconds": spent}
    log.info("request %s %s: %s", request.method, route, answer.status_code, extra={"told": told})
    if answer.status_code >= 500:
        answer.headers["X-Request-ID"] = request_id()
    return answer
