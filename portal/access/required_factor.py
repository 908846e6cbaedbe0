"""Members of staff who must have a second factor: operators where the configuration says so, an issuer's team where its
admin says so. Until they have one they are led to the page that adds it, and nowhere else."""

from typing import Final

from flask import request, url_for

from portal import app_context
from portal.access.current_user import signed_in_user
from store.issuer import Issuer
from store.sign_in.factor_owner import FactorOwner
from store.sign_in.second_factors import second_factors_of
from store.staff_member import Staff

#: The rooms (blueprints) that an operator without a second factor may enter.
_OPEN: Final = frozenset({
    "staff_security", "staff_passkeys", "staff_authenticator_app", "staff_recovery_codes", "staff_confirm_identity",
    "staff_sign_in", "staff_sessions",
})  # fmt: skip


def enrolment_due() -> str | None:
    """Returns the address of the page on which the visitor must add a second factor first; None where nothing is
    due."""
    if request.blueprint in _OPEN:
        return None
    known = signed_in_user()
    if known is None or known.staff is None or not needs_second_factor(known.staff):
        return None
    has_one = second_factors_of(app_context.reading(), FactorOwner.of(known.staff)).is_any
    return None if has_one else url_for("staff_security.show")


def needs_second_factor(staff: Staff) -> bool:
    """Returns whether a password alone does not let this member of staff in."""
    if staff.issuer_id is None:
        return app_context.config().operators_need_second_factor
    return app_context.reading().get_one(Issuer, staff.issuer_id).team_needs_second_factor
