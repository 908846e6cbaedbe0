"""The devices on which a member of staff is signed in, and signing them out."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal.access import end_devices
from portal.presenters.session_list import session_list

pages = Blueprint("staff_sessions", __name__, url_prefix="/equipe/reglages")


@pages.get("/appareils")
def show() -> ResponseReturnValue:
    return render_template("staff/sessions.html", sessions=session_list())


@pages.post("/appareils/<row(sign_in_session):session_id>/deconnecter")
def end(session_id: int) -> ResponseReturnValue:
    end_devices.end_device(session_id)
    return redirect(url_for("staff_sessions.show"), 303)


@pages.post("/appareils/deconnecter")
def end_others() -> ResponseReturnValue:
    end_devices.end_other_devices()
    return redirect(url_for("staff_sessions.show"), 303)
