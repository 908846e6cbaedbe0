"""The page of the cohorts: of those who added a contract in one month, how many stay, as a table of shades."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from adoption.journeys.cohort import COHORT_LOOKS, Cohort, CohortLook, StillSo, cohorts
from adoption.journeys.journey import AGES
from export.saved_files.csv_table import Cell
from portal import app_context
from portal.operators.journeys.asked_figures import SPANS, AskedFigures, asked_figures
from portal.operators.journeys.figures_sheet import figures_sheet
from portal.operators.journeys.step_words import LOOK_WORDS
from portal.translation import say

pages = Blueprint("adoption_cohorts", __name__, url_prefix="/equipe/adoption/cohortes")

#: Shades of a cell, from none to all.
_SHADES: Final = 5


class CohortTable(NamedTuple):
    """The cohorts, newest first, by one look; *together*: those of all that have come to each age."""

    look: CohortLook
    cohorts: list[Cohort]

    def at(self, cohort: Cohort, age: int) -> StillSo | None:
        """How many of a cohort stood so at this age; None where they have not all reached it."""
        return cohort.stood.get((self.look, age))

    def months(self, age: int | None = None) -> dict[str, str]:
        """The query for the accounts of all cohorts; with *age*, of those that have reached it."""
        known = [each for each in self.cohorts if age is None or self.at(each, age) is not None]
        return {"cohorte": f"{known[-1].claimed:%Y-%m}", "jusque": f"{known[0].claimed:%Y-%m}"} if known else {}

    def together(self, age: int) -> StillSo | None:
        """The same of all cohorts that have reached this age."""
        known = [each for cohort in self.cohorts if (each := self.at(cohort, age)) is not None]
        return StillSo(sum(each.number for each in known), sum(each.of for each in known)) if known else None


def shade(still: StillSo) -> int:
    """The shade of a cell, 0 (nobody) to 5 (all)."""
    return round((still.share or 0) * _SHADES)


@pages.get("")
def show() -> ResponseReturnValue:
    asked = asked_figures()
    found = _cohorts(asked)
    return render_template(
        "operators/journeys/cohorts.html",
        asked=asked, spans=SPANS, ages=AGES, words=LOOK_WORDS, shade=shade,
        tables=[CohortTable(look, found) for look in COHORT_LOOKS] if found else [],
    )  # fmt: skip


@pages.get("/feuille.csv")
def sheet() -> ResponseReturnValue:
    head = [say("Mois"), say("Contrats ajoutés"), say("Âge en mois"), say("Critère"), say("Contrats"), say("Sur")]
    return figures_sheet(say("cohortes"), head, list(_rows(_cohorts(asked_figures()))))


def _cohorts(asked: AskedFigures) -> list[Cohort]:
    return cohorts(app_context.reading(), list(asked.issuers), asked.first, asked.last, asked.today)


def _rows(found: list[Cohort]) -> Iterator[list[Cell]]:
    for cohort in found:
        for (look, age), still in cohort.stood.items():
            name = say(LOOK_WORDS[look][0])
            yield [f"{cohort.claimed:%Y-%m}", cohort.number, age, name, still.number, still.of]
