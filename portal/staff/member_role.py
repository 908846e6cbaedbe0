"""Changes what a member of a team may do."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access import current_user
from portal.presenters.staff_roles import ROLE_CHOICES, role_typed
from portal.staff.members import LAST_ADMIN, colleague, is_overseen
from portal.translation import say
from staff.roles import LastAdmin, change_role

pages = Blueprint("member_role", __name__, url_prefix="/equipe/membres")


@pages.get("/<row(staff):staff_id>/role")
def show(staff_id: int) -> ResponseReturnValue:
    staff = colleague(app_context.reading(), staff_id)
    return render_template("staff/member_role.html", staff=staff, roles=ROLE_CHOICES)


@pages.post("/<row(staff):staff_id>/role")
def change(staff_id: int) -> ResponseReturnValue:
    """Give another role, which counts from the member's next page on. The last admin stays one."""
    with app_context.store().writing() as writing:
        staff = colleague(writing, staff_id)
        role = role_typed()
        try:
            by, now = current_user.staff().email, app_context.now()
            is_new = change_role(writing, staff, role, by, now, is_overseen=is_overseen(staff))
        except LastAdmin:
            flash(say(LAST_ADMIN), "bad")
            return redirect(url_for("members.show"), 303)
    if is_new:
        flash(say("C’est noté : le nouveau rôle de {email} vaut dès maintenant.", email=staff.email), "good")
    return redirect(url_for("members.show"), 303)
