"""Members of staff: operators see everybody, an issuer's members their colleagues; whoever left is removed."""

from itertools import groupby

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal import app_context
from portal.access import current_user, staff_scope
from portal.translation import say
from staff.list_and_remove_members import LastOperator, remove, team
from store.staff_member import Staff

pages = Blueprint("members", __name__, url_prefix="/equipe/membres")


@pages.get("")
def show() -> ResponseReturnValue:
    mine = staff_scope.issuer_id()
    people = team(app_context.reading(), mine, of_all=mine is None)
    teams = [(issuer_id, list(members)) for issuer_id, members in groupby(people, lambda each: each.issuer_id)]
    return render_template("staff/members.html", teams=teams, issuers=staff_scope.issuers())


@pages.get("/<row(staff):staff_id>/retirer")
def ask_to_remove(staff_id: int) -> ResponseReturnValue:
    staff = _colleague(app_context.reading(), staff_id)
    return render_template("staff/remove_member.html", staff=staff, issuers=staff_scope.issuers())


@pages.post("/<row(staff):staff_id>/retirer")
def take_out(staff_id: int) -> ResponseReturnValue:
    """Remove a member. Their sessions, invitations and links end at once. The last operator stays."""
    page = redirect(url_for(".show"), 303)
    with app_context.store().writing() as writing:
        staff = _colleague(writing, staff_id)
        try:
            remove(writing, staff, current_user.staff().email, app_context.now())
        except LastOperator:
            flash(say("C’est le dernier opérateur : invitez-en un autre avant de le retirer."), "bad")
            return page
    flash(say("{email} n’a plus accès.", email=staff.email), "good")
    return page


def _colleague(session: Session, staff_id: int) -> Staff:
    """Returns the member if the visitor may see them; else aborts with 404."""
    staff = session.get(Staff, staff_id)
    if staff is None or staff.closed_at is not None or staff_scope.issuer_id() not in {None, staff.issuer_id}:
        abort(404)
    return staff
