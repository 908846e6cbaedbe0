"""Access policy of the operators' room: tonight, workers, issuers, people, the audit trail; and of silent bills, of
which members see theirs."""

from typing import Final

from portal.access.route_policy.policy_line import FRESH, RoutePolicy

ROOM: Final[dict[tuple[str, str], RoutePolicy]] = {
    ("tonight.part", "GET"): RoutePolicy("operator"),
    ("silent_bills.show", "GET"): RoutePolicy("staff"),
    ("workers.show", "GET"): RoutePolicy("operator"),
    ("workers.take_up", "POST"): RoutePolicy("operator"),
    ("room_issuers.show_all", "GET"): RoutePolicy("operator"),
    ("room_issuers.show", "GET"): RoutePolicy("operator"),
    ("room_issuers.ask", "GET"): RoutePolicy("operator", role="admin"),
    ("room_issuers.add", "POST"): RoutePolicy("operator", role="admin", body=1 << 20),
    ("room_issuers.suspend", "POST"): RoutePolicy("operator"),
    ("room_issuers.leave", "POST"): RoutePolicy("operator", role="admin", fresh=FRESH, form="room_issuers.show"),
    ("people.search", "GET"): RoutePolicy("operator", "600/hour"),
    ("people.show", "GET"): RoutePolicy("operator"),
    ("people.end_sessions", "POST"): RoutePolicy("operator"),
    ("people.ask_to_erase", "GET"): RoutePolicy("operator", fresh=FRESH, role="admin"),
    ("people.erase", "POST"): RoutePolicy("operator", fresh=FRESH, role="admin"),
    ("audit_trail.show", "GET"): RoutePolicy("operator"),
    ("audit_trail.sheet", "GET"): RoutePolicy("operator", "60/hour"),
}
