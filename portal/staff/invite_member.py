"""Invites somebody to a team, with what they may do: an issuer's admin to theirs, an operator to any."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from issuers.registry import IssuerError
from portal import app_context
from portal.access import current_user, staff_scope
from portal.form_input import form_value, plain_email, typed_email, wrong_with_email
from portal.presenters.staff_roles import ROLE_CHOICES, role_typed
from portal.translation import language, say
from staff.invitations import add_member, add_operator
from store.issuer import Issuer
from store.staff_member import Staff

pages = Blueprint("invite_member", __name__, url_prefix="/equipe/membres/inviter")


@pages.get("")
def show() -> ResponseReturnValue:
    return _form(request.args.get("equipe", ""))


@pages.post("")
def invite() -> ResponseReturnValue:
    """Send the invitation. Somebody who has one that is open gets another, with the role that is chosen now.

    A member reads the same of an address that is of another team; an operator, who sees all teams, is told."""
    slug, typed = form_value("team"), typed_email()
    team, role, email = _team(slug), role_typed(), plain_email(typed)
    if email is None:
        return _form(slug, wrong_with_email(typed)), 422
    try:
        with app_context.store().writing() as writing:
            by, now = current_user.staff().email, app_context.now()
            if team is None:
                staff = add_operator(writing, email, now, language(), role=role, by=by)
            else:
                by_colleague = not current_user.staff().is_operator
                staff = add_member(
                    writing, team.slug, email, now, language(), role=role, by=by, by_colleague=by_colleague
                )
    except IssuerError:
        return _form(slug, say("Cette adresse ne peut pas être invitée ici : une adresse est d’une seule équipe.")), 422
    app_context.store().wake_up.send()
    flash(_told(staff), "good")
    return redirect(url_for("members.show"), 303)


def _told(staff: Staff) -> str:
    if staff.password_hash is not None:
        return say("{email} est déjà de l’équipe.", email=staff.email)
    return say("{email} reçoit une invitation par courriel.", email=staff.email)


def _form(slug: str, error: str | None = None) -> str:
    return render_template(
        "staff/invite_member.html", teams=_teams(), team=slug, roles=ROLE_CHOICES, error=error,
        email=form_value("email"), role=request.form.get("role", "editor"),
    )  # fmt: skip


def _teams() -> dict[str, str]:
    """Returns the teams that the visitor may invite to, by their issuer's slug; "" are the operators."""
    of_issuers = {each.slug: each.name for each in staff_scope.own_issuers().values()}
    return ({"": say("Opérateurs")} if current_user.staff().issuer_id is None else {}) | of_issuers


def _team(slug: str) -> Issuer | None:
    """Returns the issuer whose team is meant, None for the operators. A member means their own, whatever is said."""
    found = {each.slug: each for each in staff_scope.own_issuers().values()}
    if current_user.staff().issuer_id is not None:
        return next(iter(found.values()))
    if slug and slug not in found:
        abort(404)
    return found.get(slug)
