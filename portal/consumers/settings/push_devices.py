"""Routes of the devices that receive push notifications: added by a browser that subscribed, removed by their person;
and the service worker that shows the notifications."""

from flask import Blueprint, Response, abort, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from delivery.channels.push.new_device import DeviceRefused, GivenDevice, new_device
from delivery.notices.choose_notices import choose_also
from portal import app_context
from portal.access import current_user
from portal.presenters.device_name import device_name
from portal.translation import say
from store.accounts.push_subscription import MOST_DEVICES, PushSubscription, remove_device, subscribe
from untrusted.endpoints.endpoint_url import EndpointRules

pages = Blueprint("push_devices", __name__)


@pages.get("/sw.js")
def service_worker() -> Response:
    """The service worker, at the root, whose notifications are the whole portal's. It may fetch nothing."""
    answer = send_file(app_context.FOLDER / "static" / "sw.js", "text/javascript", max_age=0)
    answer.headers["Service-Worker-Allowed"] = "/"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@pages.post("/courriels/appareils")
def add() -> ResponseReturnValue:
    """Let the device that asks receive notifications of this person's bills."""
    form, config = request.form, app_context.config()
    given = GivenDevice(
        endpoint=form.get("endpoint", ""), p256dh=form.get("p256dh", ""), auth=form.get("auth", ""),
        signing_key=form.get("key", ""), name=device_name(request.user_agent.string),
    )  # fmt: skip
    rules = EndpointRules(config.webhook_loopback, config.webhook_ca_file)
    with app_context.store().writing() as session:
        try:
            new = new_device(session, given, rules)
        except DeviceRefused:
            flash(say("Ce navigateur n’a pas pu s’inscrire aux notifications. Essayez avec un autre."), "bad")
            return _back()
        is_added = subscribe(session, current_user.consumer_id(), new, app_context.now())
        if is_added:
            choose_also(session, current_user.consumer_id(), "push", app_context.now())
    app_context.store().wake_up.send()
    if is_added:
        flash(say("C’est enregistré : cet appareil reçoit vos notifications."), "good")
    else:
        said = say(
            "{n} appareil reçoit déjà vos notifications : retirez-en un d’abord."
            "|{n} appareils reçoivent déjà vos notifications : retirez-en un d’abord.",
            n=MOST_DEVICES,
        )
        flash(said, "bad")
    return _back()


@pages.post("/courriels/appareils/<row(push_subscription):subscription_id>/retirer")
def remove(subscription_id: int) -> ResponseReturnValue:
    """Send this device nothing any more. Removing it twice is as once."""
    me = current_user.consumer()
    with app_context.store().writing() as session:
        device = session.get(PushSubscription, subscription_id)
        if device is None or device.consumer_id != me.id:
            abort(404)
        remove_device(session, me.id, subscription_id, app_context.now())
    flash(say("C’est enregistré : cet appareil ne reçoit plus de notifications."), "good")
    return _back()


def _back() -> ResponseReturnValue:
    return redirect(url_for("notice_preference.show_everywhere", _anchor="appareils"), 303)
