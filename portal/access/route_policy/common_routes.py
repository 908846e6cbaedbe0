"""Access policy of what belongs to nobody: static files, health, metrics, what search engines ask for."""

from typing import Final

from portal.access.route_policy.policy_line import RoutePolicy

COMMON: Final[dict[tuple[str, str], RoutePolicy]] = {
    ("static", "GET"): RoutePolicy("public"),
    ("health.show", "GET"): RoutePolicy("public"),
    ("health.work", "GET"): RoutePolicy("public"),
    ("health.detail", "GET"): RoutePolicy("monitor"),
    ("metrics.show", "GET"): RoutePolicy("monitor"),
    ("search_engines.robots", "GET"): RoutePolicy("public"),
    ("search_engines.icon", "GET"): RoutePolicy("public"),
}
