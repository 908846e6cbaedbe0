"""What the visitor's role lets them do on staff's pages: the guard asks it, and templates, so that nobody is shown a
button that is not for them."""

from portal.access.current_user import signed_in_user
from portal.access.route_policy import POLICY, RoutePolicy
from store.staff_member import Staff


def may(endpoint: str, method: str = "GET") -> bool:
    """Returns whether the visitor, if they are staff, may call this route."""
    known, line = signed_in_user(), POLICY.get((endpoint, method))
    return known is not None and known.staff is not None and line is not None and admits(known.staff, line, method)


def admits(staff: Staff, line: RoutePolicy, method: str) -> bool:
    """Returns whether a line lets this member of staff in, by whom they work for and by their role."""
    if line.who in {"operator", "member"} and staff.is_operator != (line.who == "operator"):
        return False
    return line.who in {"operator", "member", "staff"} and staff.has_role(line.role_for(method))
