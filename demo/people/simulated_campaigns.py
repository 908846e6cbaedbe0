"""Two campaigns of the demo, through the pages: a member of Lumière writes each and submits it, the operator approves.
The first ended before the last days, the second still runs. A world that opens after the first ended knows the second
alone."""

import re
from datetime import date, timedelta
from typing import Final

from flask import Flask

from demo.demo_credentials import MEMBER, OPERATOR
from demo.people.signed_in_browser import STAFF, SignedInBrowser

#: Days before the demo's last day on which each is written, and on which the first ends.
_FIRST, _FIRST_ENDS, _SECOND = (timedelta(days=days) for days in (70, 28, 14))
_CAMPAIGN: Final = re.compile(r"/equipe/campagnes/[a-z2-7]{26}")
_FORM: Final = "/equipe/campagnes/nouvelle"
#: What both have in common.
_TERMS: Final = {
    "channel": "", "tenure_months": "", "departments": "", "most_invitations": "5000", "budget": "250",
    "unit_cost": "", "paper_code": "", "cap_days": "60", "cap_year": "3",
}  # fmt: skip


class SimulatedCampaigns:
    """A member and the operator, each with a browser at the portal *app*, from *place* on. *last* is the demo's last
    day."""

    def __init__(self, app: Flask, place: int, last: date) -> None:
        self._member = SignedInBrowser(app, place, STAFF, MEMBER)
        self._operator = SignedInBrowser(app, place + 1, STAFF, OPERATOR)
        self._last = last
        self._written: set[str] = set()

    def act(self, today: date) -> None:
        """Do what is due by this day."""
        if self._last - _FIRST <= today <= self._last - _FIRST_ENDS:
            self._write(
                "Toutes vos factures au même endroit", today, lever="letter", occasion="any_day",
                wordings=["together-1", "in-time-1"], ends_on=(self._last - _FIRST_ENDS).isoformat(),
            )  # fmt: skip
        if today >= self._last - _SECOND:
            self._write(
                "Nouveaux clients, première lettre", today, lever="letter", occasion="first_paper",
                wordings=["in-time-1"], ends_on="",
            )  # fmt: skip

    def _write(self, name: str, today: date, **terms: str | list[str]) -> None:
        """Write a campaign that begins today, unless it is written, and have it approved."""
        if name in self._written:
            return
        self._written.add(name)
        written = self._member.fill(_FORM, _FORM, name=name, starts_on=today.isoformat(), **_TERMS, **terms)
        found = _CAMPAIGN.search(written.leads_to)
        assert found is not None
        page = found[0]
        self._member.fill(page, page, decision="soumettre")
        self._operator.fill(page, page, decision="approuver", words="")
