"""Access policy: one line for each (endpoint, method) says who may call it and how often. `portal.access.route_guard`
applies it. HEAD follows GET."""

from typing import Final

from portal.access.route_policy.api_routes import API
from portal.access.route_policy.common_routes import COMMON
from portal.access.route_policy.consumer_routes import CONSUMERS
from portal.access.route_policy.entrance_routes import ENTRANCE
from portal.access.route_policy.policy_line import FRESH, RoutePolicy, Who
from portal.access.route_policy.room_routes import ROOM
from portal.access.route_policy.second_factor_routes import SECOND_FACTORS
from portal.access.route_policy.staff_routes import STAFF

#: A route without a line lets nobody in. A dict, which tests change.
POLICY: Final[dict[tuple[str, str], RoutePolicy]] = {
    **COMMON,
    **CONSUMERS,
    **SECOND_FACTORS,
    **STAFF,
    **ROOM,
    **ENTRANCE,
    **API,
}

__all__ = ["FRESH", "POLICY", "RoutePolicy", "Who"]
