"""Recovery codes: shown once, with the first second factor or when a new set is asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from flask import Blueprint, redirect
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal import app_context
from portal.second_factors.audience_pages import me, page, there
from portal.second_factors.factor_proof import factors_of
from store.accounts.consumer import Consumer
from store.sign_in.factor_owner import FactorOwner
from store.sign_in.recovery_code import hash_codes, keep_codes, make_codes
from store.sign_in.second_factors import tell_change
from store.staff_member import Staff

pages = Blueprint("recovery_codes", __name__)


class NewCodes(NamedTuple):
    """A new set, or nothing where the person has one."""

    codes: Sequence[str]
    hashed: Sequence[tuple[bytes, bytes]]

    def keep(self, session: Session, owner: FactorOwner, now: datetime) -> None:
        """Keep the set's hashes."""
        if self.hashed:
            keep_codes(session, owner, self.hashed, now)

    def page_or(self, otherwise: str) -> ResponseReturnValue:
        """Returns the one page that shows the codes; without codes, a redirect."""
        return page("recovery_codes.html", codes=self.codes) if self.codes else redirect(otherwise, 303)


def codes_for_first_factor(person: Consumer | Staff) -> NewCodes:
    """Returns a new set for a person who has no second factor yet."""
    if factors_of(person).is_any:
        return NewCodes((), ())
    codes = make_codes()
    return NewCodes(codes, hash_codes(codes))


@pages.post("/securite/codes")
def renew() -> ResponseReturnValue:
    """Make a new set in place of the old one, for who has a second factor."""
    if not factors_of(me()).is_any:
        return redirect(there("security.show"), 303)
    codes, owner, store = make_codes(), FactorOwner.of(me()), app_context.store()
    hashed = hash_codes(codes)
    with store.writing() as session:
        keep_codes(session, owner, hashed, app_context.now())
        tell_change(session, owner, "recovery codes made", app_context.now())
    store.wake_up.send()
    return NewCodes(codes, hashed).page_or(there("security.show"))
