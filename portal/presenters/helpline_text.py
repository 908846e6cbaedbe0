"""An issuer's telephone number as pages show it: what to press, its hours, what a call costs, whether somebody answers
now."""

from datetime import date, datetime
from typing import Final, NamedTuple

from bill.money import NBSP
from delivery.calendar.opening_moments import Opening, opening_at
from issuers.helpline import HelplineTable
from issuers.profile import Profile
from portal.form_input import one_line
from portal.translation import language, say
from words.calendar_names import weekday_name
from words.catalogue import N_
from words.relative_dates import NEAR_DAYS, spell_day, spell_near
from words.spelled_hours import spell_hour, spell_opening_hours

_COSTS: Final = {"free": N_("appel gratuit"), "not_surcharged": N_("appel non surtaxé")}
_LONGEST: Final = 30
_NATIONAL: Final = len("+33969321515")


class Helpline(NamedTuple):
    """*url* is a `tel:` link, *number* what it reads; *terms* are hours and cost, *opening* is "" where no hours are
    known."""

    url: str
    number: str
    terms: str
    opening: str


def helpline_of(profile: Profile, now: datetime, time_zone: str) -> Helpline | None:
    """Returns where the issuer's customers call; None where the profile names no number."""
    table = profile.helpline
    if table is None:
        return None
    hours = [spell_opening_hours(*each, language()) for each in table.opening_hours]
    cost = [say(_COSTS[table.cost])] if table.cost else []
    opening = opening_at(table.opening_hours, now, time_zone)
    return Helpline(
        url=f"tel:{table.dialled}",
        number=_shown(table),
        terms=", ".join([*hours, *cost]),
        opening="" if opening is None else _spelled(opening, now.astimezone(opening.at.tzinfo).date()),
    )


def _shown(table: HelplineTable) -> str:
    number = table.dialled
    if number.startswith("+33") and len(number) == _NATIONAL:
        national = "0" + number.removeprefix("+33")
        return NBSP.join(national[at : at + 2] for at in range(0, len(national), 2))
    return one_line(table.phone, _LONGEST)


def _spelled(opening: Opening, today: date) -> str:
    hour = spell_hour(opening.at.time(), language())
    if opening.is_open:
        return say("Ouvert, jusqu’à {hour}.", hour=hour)
    return say("Fermé. Ouvre {when} à {hour}.", when=_when(opening.at.date(), today), hour=hour)


def _when(day: date, today: date) -> str:
    distance = (day - today).days
    if distance <= 1:
        return spell_near(day, today, language())
    if distance <= NEAR_DAYS:
        return weekday_name(day.weekday(), language())
    return spell_day(day, language(), year=False)
