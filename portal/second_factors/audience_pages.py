"""Pages that are there for consumers and for staff: which of both a request is for, who visits, the frame of a page."""

from typing import Any, Final, Literal

from flask import render_template, request, url_for

from portal.access import current_user
from store.accounts.consumer import Consumer
from store.staff_member import Staff

#: What the names of staff's blueprints begin with.
STAFF: Final = "staff_"


def audience() -> Literal["consumer", "staff"]:
    """Returns whose page this is."""
    return "staff" if (request.blueprint or "").startswith(STAFF) else "consumer"


def there(endpoint: str, **values: Any) -> str:
    """Returns the address of an endpoint that both sides have (`confirm_identity.show`), on the side of this
    request."""
    return url_for(endpoint if audience() == "consumer" else f"{STAFF}{endpoint}", **values)


def front() -> str:
    """Returns the first page after signing in."""
    return url_for("home.show" if audience() == "consumer" else "dashboard.show")


def me() -> Consumer | Staff:
    """Returns the row of the signed-in visitor. Call it only on routes that the policy keeps for this side."""
    return current_user.consumer() if audience() == "consumer" else current_user.staff()


def page(template: str, **values: Any) -> str:
    """Returns a page of `templates/second_factors` in the frame of its audience."""
    frame = "consumers/consumer.html"
    if audience() == "staff":
        known = current_user.signed_in_user()
        frame = "staff/base.html" if known is not None and known.staff is not None else "base.html"
    settings = "profile.show" if audience() == "consumer" else "staff_settings.show"
    return render_template(
        f"second_factors/{template}",
        frame=frame,
        there=there,
        is_staff=audience() == "staff",
        settings=url_for(settings),
        **values,
    )
