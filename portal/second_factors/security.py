"""The settings of signing in: passkeys, the app that shows codes, recovery codes."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access.required_factor import needs_second_factor
from portal.second_factors.audience_pages import me, page
from portal.second_factors.factor_proof import factors_of
from store.sign_in.authenticator_app import app_of
from store.sign_in.factor_owner import FactorOwner
from store.sign_in.factor_removal import waiting_removal
from store.sign_in.passkey import passkeys_of
from store.staff_member import Staff

pages = Blueprint("security", __name__)


@pages.get("/securite")
def show() -> ResponseReturnValue:
    reading, owner = app_context.reading(), FactorOwner.of(me())
    factors, person = factors_of(me()), me()
    is_needed = isinstance(person, Staff) and needs_second_factor(person)
    return page(
        "security.html",
        factors=factors,
        app=app_of(reading, owner),
        passkeys=passkeys_of(reading, owner),
        removal=waiting_removal(reading, owner.id) if owner.audience == "consumer" else None,
        must_have=is_needed and not factors.is_any,
    )
