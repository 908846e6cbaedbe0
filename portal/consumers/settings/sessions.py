"""The devices on which a consumer is signed in, and signing them out."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.access import end_devices
from portal.presenters.session_list import session_list

pages = Blueprint("sessions", __name__)


@pages.get("/profil/appareils")
def show() -> ResponseReturnValue:
    return render_template("consumers/settings/sessions.html", sessions=session_list())


@pages.post("/profil/appareils/<row(sign_in_session):session_id>/deconnecter")
def end(session_id: int) -> ResponseReturnValue:
    end_devices.end_device(session_id)
    return redirect(url_for("sessions.show"), 303)


@pages.post("/profil/appareils/deconnecter")
def end_others() -> ResponseReturnValue:
    end_devices.end_other_devices()
    return redirect(url_for("sessions.show"), 303)
