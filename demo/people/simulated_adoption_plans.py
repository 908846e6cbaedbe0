"""The demo's adoption plans: Claire sets her issuer's, and means to reach more half a year later; the operator sets
that of the water company."""

from datetime import date, timedelta
from typing import Final, NamedTuple

from flask import Flask

from demo.demo_credentials import MEMBER, MEMBER_OF, OPERATOR
from demo.people.signed_in_browser import STAFF, SignedInBrowser

_WATER: Final = "eaux-du-val"


class _Plan(NamedTuple):
    """A plan that *who* sets so long after the portal opened, over the version *base*."""

    after: timedelta
    who: str
    issuer: str
    base: int
    months: int
    target: str
    first_year: str
    why: str


_PLANS: Final = (
    _Plan(timedelta(days=40), MEMBER, MEMBER_OF, 0, 48, "50", "", "Budget d’affranchissement sur quatre ans"),
    _Plan(timedelta(days=70), OPERATOR, _WATER, 0, 60, "40", "", "Contrat de service : 40 % en cinq ans"),
    _Plan(timedelta(days=220), MEMBER, MEMBER_OF, 1, 48, "60", "25", "La première année va plus vite que prévu"),
)  # fmt: skip


class SimulatedAdoptionPlans:
    """Claire and the operator, each with a browser at the portal *app*, from *place* on. *opens* is the day on which
    the portal opened."""

    def __init__(self, app: Flask, place: int, opens: date) -> None:
        self._browsers = {
            email: SignedInBrowser(app, place + n, STAFF, email) for n, email in enumerate((MEMBER, OPERATOR))
        }
        self._opens, self._ahead = opens, list(_PLANS)

    def act(self, today: date) -> None:
        """Set the plans that are due by this day."""
        while self._ahead and self._opens + self._ahead[0].after <= today:
            self._set(self._ahead.pop(0))

    def _set(self, plan: _Plan) -> None:
        form = f"/equipe/adoption/emetteur/{plan.issuer}/plan"
        milestones = {f"after_{after}": "" for after in (24, 36, 48)}
        self._browsers[plan.who].fill(
            form, form, base=str(plan.base), start=f"{self._opens:%Y-%m}", months=str(plan.months), begins_at="0",
            target=plan.target, after_12=plan.first_year, why=plan.why, **milestones,
        )  # fmt: skip
