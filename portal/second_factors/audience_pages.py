"""Pages that are there for consumers and for staff: which of both a request is for, and the frame of its page."""

from typing import Any

from flask import render_template, request, url_for

from portal.access import current_user

#: What the names of staff's blueprints begin with.
STAFF: str = "staff_"


def is_staff() -> bool:
    """Returns whether this page is staff's."""
    return (request.blueprint or "").startswith(STAFF)


def there(endpoint: str, **values: Any) -> str:
    """Returns the address of an endpoint of these rooms (`confirm_identity.show`) on the side of this request."""
    return url_for(f"{STAFF}{endpoint}" if is_staff() else endpoint, **values)


def front() -> str:
    """Returns the first page after signing in."""
    return url_for("dashboard.show") if is_staff() else url_for("home.show")


def page(template: str, **values: Any) -> str:
    """Returns a page of `templates/second_factors` in the frame of its audience."""
    frame = "consumers/consumer.html"
    if is_staff():
        known = current_user.signed_in_user()
        frame = "staff/base.html" if known is not None and known.staff is not None else "base.html"
    return render_template(f"second_factors/{template}", frame=frame, there=there, is_staff=is_staff(), **values)
