"""Counts the requests that this process answers, and how long they take, by whom their routes are for."""

from time import perf_counter
from typing import Final

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram

from portal.access.route_policy import POLICY

#: Seconds up to which answers are counted: a page takes some ten milliseconds, a feed of 2 GB a minute.
BUCKETS: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class RequestFigures:
    """The figures of one app, in a registry of its own."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._answered = Counter(
            "facteur_http_requests",
            "Requests answered by this process, by the audience of their route, their method and status.",
            ["audience", "method", "status"],
            registry=registry,
        )
        self._seconds = Histogram(
            "facteur_http_request_duration_seconds",
            "Time until a request's answer begins.",
            ["audience"],
            buckets=BUCKETS,
            registry=registry,
        )

    def install(self, app: Flask) -> None:
        """Count every request of this app, from the moment that `request_log` has noted."""
        app.after_request(self._end)

    def _end(self, answer: Response) -> Response:
        line = POLICY.get((request.endpoint or "", "GET" if request.method == "HEAD" else request.method))
        audience = line.who if line is not None else "nobody"
        method = request.method if request.method in _METHODS else "other"
        self._answered.labels(audience, method, str(answer.status_code)).inc()
        if (began := g.get("request_began")) is not None:
            self._seconds.labels(audience).observe(perf_counter() - began)
        return answer
