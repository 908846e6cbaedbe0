"""Access policy of the operators' room: tonight, workers and jobs; and silent bills, of which members see theirs."""

from typing import Final

from portal.access.route_policy.policy_line import RoutePolicy

ROOM: Final[dict[tuple[str, str], RoutePolicy]] = {
    ("tonight.part", "GET"): RoutePolicy("operator"),
    ("silent_bills.show", "GET"): RoutePolicy("staff"),
    ("workers.show", "GET"): RoutePolicy("operator"),
    ("workers.take_up", "POST"): RoutePolicy("operator"),
}
