"""An issuer's admin says whether everybody of the team must have a second factor."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value
from portal.translation import say
from staff.required_second_factor import require_second_factor

pages = Blueprint("team_second_factor", __name__, url_prefix="/equipe/emetteurs/<row(issuer):issuer_id>")


@pages.post("/second-facteur")
def choose(issuer_id: int) -> ResponseReturnValue:
    issuer, is_required = staff_scope.issuer(issuer_id), form_value("required") == "oui"
    with app_context.store().writing() as writing:
        by, now = current_user.staff().email, app_context.now()
        is_new = require_second_factor(writing, issuer.id, by, now, is_required=is_required)
    if is_new and is_required:
        flash(
            say(
                "Chacun doit maintenant avoir un second moyen de se connecter : on le lui demande à sa prochaine page."
            ),
            "good",
        )
    elif is_new:
        flash(say("Un second moyen de se connecter n’est plus demandé à l’équipe."), "good")
    return redirect(url_for("members.show"), 303)
