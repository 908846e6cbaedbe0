"""The page of the calendar's secret address: make it, show it, replace it, end it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access import current_user
from portal.translation import say
from store.secret_addresses.secret_address import address_of, end_address, renew_address, secret_of

pages = Blueprint("calendar_address", __name__)


@pages.get("/calendrier")
def show() -> str:
    """The address where there is one, and what a calendar shows."""
    address = address_of(app_context.reading(), current_user.consumer_id(), "calendar")
    secret = None if address is None else secret_of(app_context.store().keys, address)
    path = "" if secret is None else url_for("calendar_file.show", token=secret)
    return render_template(
        "consumers/calendar/calendar_address.html", address=address,
        url=f"{app_context.config().public_url}{path}" if path else "",
    )  # fmt: skip


@pages.post("/calendrier")
def renew() -> ResponseReturnValue:
    """Make an address; one that was there before ends."""
    me, store = current_user.consumer_id(), app_context.store()
    is_new = address_of(app_context.reading(), me, "calendar") is None
    with store.writing() as session:
        renew_address(session, store.keys, me, "calendar", app_context.now())
    said = say("Votre calendrier est prêt.") if is_new else say("L’ancienne adresse ne montre plus rien.")
    flash(said, "good")
    return redirect(url_for("calendar_address.show"), 303)


@pages.post("/calendrier/fin")
def end() -> ResponseReturnValue:
    """End the address: programs that read it find nothing any more. Ending it twice is as once."""
    with app_context.store().writing() as session:
        end_address(session, current_user.consumer_id(), "calendar", app_context.now())
    flash(say("C’est fait : cette adresse ne montre plus rien."), "good")
    return redirect(url_for("calendar_address.show"), 303)
