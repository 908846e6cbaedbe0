"""The identities by which a consumer signs in besides their password: linked and unlinked."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access import current_user, identity_providers
from portal.consumers.sign_in.identity_provider import back_url
from portal.translation import say
from store.sign_in.provider_identity import identities_of, unlink_identity
from untrusted.openid.provider_refusal import ProviderRefusal

pages = Blueprint("identities", __name__)


@pages.get("/profil/identites")
def show() -> ResponseReturnValue:
    linked = identities_of(app_context.reading(), current_user.consumer_id())
    providers = app_context.config().oidc_providers
    return render_template("consumers/settings/identities.html", linked=linked, providers=providers)


@pages.post("/profil/identites/<provider_id>/lier")
def link(provider_id: str) -> ResponseReturnValue:
    """Show the way to the provider: a form may not lead to another site, a link may."""
    provider = identity_providers.provider_named(provider_id) or abort(404)
    try:
        url = identity_providers.ask(provider, "/", back_url(provider), current_user.consumer_id())
    except ProviderRefusal:
        flash(say("{provider} ne répond pas. Réessayez dans quelques minutes.", provider=provider.name), "bad")
        return redirect(url_for("identities.show"), 303)
    return render_template("consumers/settings/link_identity.html", provider=provider, url=url)


@pages.post("/profil/identites/<provider_id>/delier")
def unlink(provider_id: str) -> ResponseReturnValue:
    with app_context.store().writing() as writing:
        if not unlink_identity(writing, current_user.consumer_id(), provider_id, app_context.now()):
            abort(404)
    flash(say("C’est fait : cette identité n’ouvre plus votre espace."), "good")
    return redirect(url_for("identities.show"), 303)
