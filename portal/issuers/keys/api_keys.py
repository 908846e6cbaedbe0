"""The keys of an issuer's programs: listed with their last use, made and shown once, replaced with an overlap, revoked.

An admin of the issuer's team changes them, or an operator; everybody of the team sees them.
"""

from datetime import timedelta
from typing import Final, NamedTuple

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value
from portal.translation import say
from store.db.event import Event, events_of
from store.issuer import Issuer
from store.issuer_keys.issuer_key import (
    LONGEST_NAME,
    OVERLAP,
    IssuerKey,
    key_of_issuer,
    keys_of,
    new_key,
    revoke_key,
    rotate_key,
)
from store.issuer_keys.key_scope import SCOPES, Scope
from store.issuer_keys.sftp_credential import sftp_keys_of
from words.catalogue import N_

pages = Blueprint("program_keys", __name__, url_prefix="/equipe/emetteurs/<row(issuer):issuer_id>/cles")

#: What a scope is called, and what it allows.
SCOPE_WORDS: Final[dict[Scope, tuple[str, str]]] = {
    "read": (N_("Lire"), N_("Tout ce que l’API montre de vos factures, clients et paiements.")),
    "feeds": (N_("Envoyer des factures"), N_("Déposer des flux, les annuler, rappeler une facture.")),
    "payments": (N_("Dire les paiements"), N_("Transmettre ce que vous avez reçu.")),
    "accounts": (N_("Tenir les clients"), N_("Changer ce que vous savez d’un client, répondre aux questions.")),
    "webhooks": (N_("Régler les webhooks"), N_("Les adresses qui reçoivent les événements, et leurs secrets.")),
}
#: How long the key before goes on, in hours, as the form offers it.
_OVERLAPS: Final = {
    0: N_("Non, elle s’arrête tout de suite"), 1: N_("Encore une heure"), 24: N_("Encore un jour"),
    168: N_("Encore une semaine"),
}  # fmt: skip


class ShownKey(NamedTuple):
    """A key that was made just now, in clear for the only time."""

    secret: str
    curl: str


@pages.get("")
def show_all(issuer_id: int) -> ResponseReturnValue:
    """Lists the keys that open something, the API's and SFTP's; those that ended come last."""
    issuer, session, now = staff_scope.issuer(issuer_id), app_context.reading(), app_context.now()
    keys, sftp = keys_of(session, issuer.id), sftp_keys_of(session, issuer.id)
    return render_template(
        "issuers/keys/keys.html", issuer=issuer, scope_words=SCOPE_WORDS,
        keys=[each for each in keys if each.is_live(now)], ended=[each for each in keys if not each.is_live(now)],
        sftp=[each for each in sftp if each.revoked_at is None],
        sftp_ended=[each for each in sftp if each.revoked_at is not None],
    )  # fmt: skip


@pages.get("/nouvelle")
def ask(issuer_id: int) -> ResponseReturnValue:
    return _form(staff_scope.issuer(issuer_id), ["read"])


@pages.post("/nouvelle")
def make(issuer_id: int) -> ResponseReturnValue:
    """Make a key. The answer shows it, for the only time."""
    issuer, name, typed = staff_scope.issuer(issuer_id), form_value("name", LONGEST_NAME), request.form.getlist("scope")
    scopes = [each for each in SCOPES if each in typed]
    if not name or not scopes:
        return _form(issuer, scopes, has_errors=True), 422
    with app_context.store().writing() as writing:
        secret = new_key(
            writing, issuer, app_context.now(), name=name, scopes=scopes, by=current_user.staff().email
        )  # fmt: skip
    return _show_once(issuer, name, secret, "feeds" in scopes)


@pages.get("/<row(issuer_key):key_id>")
def show(issuer_id: int, key_id: int) -> ResponseReturnValue:
    """Shows a key: what it may do, what happened to it, and what can be done with it."""
    issuer = staff_scope.issuer(issuer_id)
    key = _key(issuer, key_id)
    return render_template(
        "issuers/keys/key.html", issuer=issuer, key=key, scope_words=SCOPE_WORDS, overlaps=_OVERLAPS,
        overlap=OVERLAP // timedelta(hours=1), is_live=key.is_live(app_context.now()), happened=_happened(key),
    )  # fmt: skip


@pages.post("/<row(issuer_key):key_id>/remplacer")
def rotate(issuer_id: int, key_id: int) -> ResponseReturnValue:
    """Make a key in the place of this one, which goes on for the hours that were chosen."""
    issuer, hours = staff_scope.issuer(issuer_id), form_value("overlap")
    if hours not in map(str, _OVERLAPS):
        abort(400)
    key, overlap = _key(issuer, key_id), timedelta(hours=int(hours))
    with app_context.store().writing() as writing:
        by, now = current_user.staff().email, app_context.now()
        secret = rotate_key(writing, issuer, key.id, now, by, overlap=overlap)
    if secret is None:
        flash(say("Cette clé est déjà remplacée ou arrêtée."), "ask")
        return redirect(url_for(".show_all", issuer_id=issuer.id), 303)
    return _show_once(issuer, key.name, secret, "feeds" in key.scope_set)


@pages.post("/<row(issuer_key):key_id>/arreter")
def revoke(issuer_id: int, key_id: int) -> ResponseReturnValue:
    """End the key at once."""
    issuer = staff_scope.issuer(issuer_id)
    key = _key(issuer, key_id)
    with app_context.store().writing() as writing:
        is_new = revoke_key(writing, issuer.id, key.id, app_context.now(), current_user.staff().email)
    if is_new:
        flash(say("La clé est arrêtée : elle n’ouvre plus rien."), "good")
    return redirect(url_for(".show_all", issuer_id=issuer.id), 303)


def _key(issuer: Issuer, key_id: int) -> IssuerKey:
    """Returns the key if it is this issuer's; else aborts with 404."""
    found = key_of_issuer(app_context.reading(), issuer.id, key_id)
    return abort(404) if found is None else found


def _happened(key: IssuerKey) -> list[tuple[str, Event]]:
    words = {"made": say("faite"), "rotated": say("remplacée"), "revoked": say("arrêtée")}
    events = events_of(app_context.reading(), "issuer_key", key.id)
    return [(words[each.what], each) for each in events if each.what in words]


def _form(issuer: Issuer, scopes: list[Scope], *, has_errors: bool = False) -> str:
    name = form_value("name", LONGEST_NAME)
    return render_template(
        "issuers/keys/new_key.html", issuer=issuer, scope_words=SCOPE_WORDS, chosen=scopes, name=name,
        most=LONGEST_NAME,
        name_error=say("Donnez-lui un nom : le programme qui s’en servira.") if has_errors and not name else None,
        scope_error=say("Choisissez au moins une chose.") if has_errors and not scopes else None,
    )  # fmt: skip


def _show_once(issuer: Issuer, name: str, secret: str, may_send: bool) -> ResponseReturnValue:
    shown = ShownKey(secret, _curl(secret, may_send=may_send))
    return render_template("issuers/keys/shown_key.html", issuer=issuer, name=name, shown=shown), 201


def _curl(secret: str, *, may_send: bool) -> str:
    """Returns a line for a terminal that tries the key: it sends a feed, or lists those that there are."""
    site, key = app_context.config().public_url, f'-H "Authorization: Bearer {secret}"'
    return (
        f'curl {key} -T factures.xml "{site}/v1/feeds?name=factures.xml"' if may_send else f"curl {key} {site}/v1/feeds"
    )
