"""`/metrics`: the metrics of this process and of the service, as Prometheus reads them."""

from importlib.metadata import version

from flask import Blueprint, Flask, Response, current_app, request
from prometheus_client import CollectorRegistry, Gauge, PlatformCollector, ProcessCollector, disable_created_metrics
from prometheus_client.exposition import choose_encoder

from portal.monitoring.http_requests import RequestFigures
from portal.monitoring.service_collector import ServiceCollector

pages = Blueprint("metrics", __name__)

_KEPT = "facteur_metrics"


def install(app: Flask) -> None:
    """Count the requests of this app, and keep what collects its metrics."""
    # Each series would have a second one, with when it began.
    disable_created_metrics()  # type: ignore[no-untyped-call]
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    Gauge("facteur_build_info", "The version of Facteur.", ["version"], registry=registry).labels(
        version("facteur")
    ).set(1)
    RequestFigures(registry).install(app)
    registry.register(ServiceCollector())
    app.extensions[_KEPT] = registry


@pages.get("/metrics")
def show() -> Response:
    """Answers in the format that the scraper asks for: Prometheus' text, or OpenMetrics."""
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return Response(encode(current_app.extensions[_KEPT]), content_type=content_type)
