"""Members of staff: operators see everybody, an issuer's members their colleagues; whoever left is removed."""

from itertools import groupby
from typing import Final

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal import app_context
from portal.access import current_user, staff_scope
from portal.presenters.staff_roles import ROLE_WORDS
from portal.translation import say
from staff.list_and_remove_members import remove, team
from staff.roles import LastAdmin
from store.sign_in.factor_owner import FactorOwner
from store.sign_in.second_factors import remove_all_factors, tell_change
from store.sign_in.sign_in_session import SessionOwner, end_sessions_of
from store.sign_in.team_sign_ins import staff_last_seen, staff_with_second_factor
from store.staff_member import Staff
from words.catalogue import N_

pages = Blueprint("members", __name__, url_prefix="/equipe/membres")

#: An operator is the last of the service, a member the last of their team.
LAST_OPERATOR: Final = N_("C’est le dernier opérateur : invitez-en un autre avant de le retirer.")
LAST_ADMIN: Final = N_(
    "C’est la dernière personne qui administre l’équipe : donnez d’abord ce rôle à quelqu’un d’autre."
)


@pages.get("")
def show() -> ResponseReturnValue:
    mine = current_user.staff().issuer_id
    session = app_context.reading()
    people = team(session, mine, of_all=mine is None)
    ids = [each.id for each in people]
    teams = [(issuer_id, list(members)) for issuer_id, members in groupby(people, lambda each: each.issuer_id)]
    return render_template(
        "staff/members.html", teams=teams, issuers=staff_scope.own_issuers(), roles=ROLE_WORDS,
        secured=staff_with_second_factor(session, ids), seen=staff_last_seen(session, ids),
    )  # fmt: skip


@pages.get("/<row(staff):staff_id>/retirer")
def ask_to_remove(staff_id: int) -> ResponseReturnValue:
    staff = colleague(app_context.reading(), staff_id)
    return render_template("staff/remove_member.html", staff=staff, issuers=staff_scope.own_issuers())


@pages.post("/<row(staff):staff_id>/retirer")
def take_out(staff_id: int) -> ResponseReturnValue:
    """Remove a member. Their sessions, invitations and links end at once. The last admin of a team stays."""
    page = redirect(url_for(".show"), 303)
    with app_context.store().writing() as writing:
        staff = colleague(writing, staff_id)
        try:
            remove(writing, staff, current_user.staff().email, app_context.now(), is_overseen=is_overseen(staff))
        except LastAdmin:
            flash(say(LAST_OPERATOR if staff.is_operator else LAST_ADMIN), "bad")
            return page
    flash(say("{email} n’a plus accès.", email=staff.email), "good")
    return page


@pages.post("/<row(staff):staff_id>/seconds-facteurs")
def reset_factors(staff_id: int) -> ResponseReturnValue:
    """Remove the second factors of a member who has lost them, and end their sessions. Never one's own: that takes
    another operator, whose name is in the event."""
    with app_context.store().writing() as writing:
        staff = colleague(writing, staff_id)
        if staff.id == current_user.staff().id:
            abort(404)
        owner, now = FactorOwner.of(staff), app_context.now()
        is_done = remove_all_factors(writing, owner, now, by=current_user.staff().email)
        if is_done:
            end_sessions_of(writing, SessionOwner.of(staff))
            tell_change(writing, owner, "second factors removed", now)
    app_context.store().wake_up.send()
    if is_done:
        flash(say("{email} se connecte de nouveau par son mot de passe seul.", email=staff.email), "good")
    else:
        flash(say("{email} n’a pas de second moyen de se connecter.", email=staff.email))
    return redirect(url_for(".show"), 303)


def is_overseen(staff: Staff) -> bool:
    """Returns whether the visitor is an operator who decides about an issuer's team: they can make another admin."""
    return current_user.staff().is_operator and not staff.is_operator


def colleague(session: Session, staff_id: int) -> Staff:
    """Returns the member if the visitor may see them; else aborts with 404."""
    staff = session.get(Staff, staff_id)
    if staff is None or staff.closed_at is not None or current_user.staff().issuer_id not in {None, staff.issuer_id}:
        abort(404)
    return staff
