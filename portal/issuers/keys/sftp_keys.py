"""What an issuer's programs enter the SFTP drop with: public keys, and one password that is shown once."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from doors.sftp.sftp_credentials import add_sftp_key, set_sftp_password
from issuers.registry import IssuerError
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value
from portal.translation import say
from store.issuer import Issuer
from store.issuer_keys.issuer_key import LONGEST_NAME
from store.issuer_keys.sftp_credential import revoke_sftp_key, sftp_key_of_issuer

pages = Blueprint("sftp_keys", __name__, url_prefix="/equipe/emetteurs/<row(issuer):issuer_id>/sftp")

#: A public key's line: RSA of 16,384 bits has 2,800 characters.
_LONGEST_LINE = 8_000


@pages.get("/nouvelle")
def ask(issuer_id: int) -> ResponseReturnValue:
    return _form(staff_scope.issuer(issuer_id))


@pages.post("/nouvelle")
def add(issuer_id: int) -> ResponseReturnValue:
    """Let in whoever has the private key of this public one."""
    issuer, line = staff_scope.issuer(issuer_id), request.form.get("line", "")[:_LONGEST_LINE]
    try:
        with app_context.store().writing() as writing:
            name, by = form_value("name", LONGEST_NAME), current_user.staff().email
            add_sftp_key(writing, issuer, line, app_context.now(), name=name, by=by)
    except IssuerError:
        error = say("Ce n’est pas une clé publique : collez la ligne du fichier .pub, jamais la clé privée.")
        return _form(issuer, line, error), 422
    flash(say("La clé est enregistrée."), "good")
    return redirect(url_for("program_keys.show_all", issuer_id=issuer.id), 303)


@pages.post("/mot-de-passe")
def set_password(issuer_id: int) -> ResponseReturnValue:
    """Make a password in the place of the one before. The answer shows it, for the only time."""
    issuer = staff_scope.issuer(issuer_id)
    with app_context.store().writing() as writing:
        password = set_sftp_password(
            writing, issuer, app_context.now(), name=form_value("name", LONGEST_NAME), by=current_user.staff().email
        )
    return render_template("issuers/keys/shown_password.html", issuer=issuer, password=password), 201


@pages.get("/<row(sftp_key):key_id>")
def ask_to_revoke(issuer_id: int, key_id: int) -> ResponseReturnValue:
    issuer = staff_scope.issuer(issuer_id)
    key = sftp_key_of_issuer(app_context.reading(), issuer.id, key_id)
    if key is None:
        abort(404)
    return render_template("issuers/keys/revoke_sftp_key.html", issuer=issuer, key=key)


@pages.post("/<row(sftp_key):key_id>/arreter")
def revoke(issuer_id: int, key_id: int) -> ResponseReturnValue:
    """End it: nobody enters with it any more."""
    issuer = staff_scope.issuer(issuer_id)
    if sftp_key_of_issuer(app_context.reading(), issuer.id, key_id) is None:
        abort(404)
    with app_context.store().writing() as writing:
        is_new = revoke_sftp_key(writing, issuer.id, key_id, app_context.now(), current_user.staff().email)
    if is_new:
        flash(say("C’est arrêté : on n’entre plus avec."), "good")
    return redirect(url_for("program_keys.show_all", issuer_id=issuer.id), 303)


def _form(issuer: Issuer, line: str = "", error: str | None = None) -> str:
    name = form_value("name", LONGEST_NAME)
    return render_template(
        "issuers/keys/new_sftp_key.html", issuer=issuer, line=line, error=error, name=name, most=LONGEST_NAME
    )
