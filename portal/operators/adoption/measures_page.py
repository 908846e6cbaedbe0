"""The page of the measures: every figure of adoption with its definition, how it stands, and its course."""

from collections.abc import Iterator
from itertools import groupby

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from adoption.calendar_months import months_until
from adoption.costs.carbon_range import CARBON_RANGES
from adoption.costs.cost_parameters import COST_PARAMETERS
from adoption.measures.measure_courses import MeasureCourse, measure_courses
from adoption.measures.month_measures import prices_of_issuers
from export.saved_files.csv_table import Cell
from portal import app_context
from portal.operators.adoption.measure_lists import list_of
from portal.operators.journeys.asked_figures import SPANS, AskedFigures, asked_figures, month_in_words
from portal.operators.journeys.figures_sheet import figures_sheet
from portal.operators.presenters.measure_text import KIND_WORDS, UNIT_WORDS, spelled_measure, spelled_reason
from portal.presenters.sparkline import sparkline
from portal.translation import say

pages = Blueprint("adoption_measures", __name__, url_prefix="/equipe/adoption/mesures")


@pages.get("")
def show() -> ResponseReturnValue:
    asked = asked_figures()
    kinds = groupby(_courses(asked), key=lambda course: course.measure.kind)
    return render_template(
        "operators/adoption/measures.html",
        asked=asked, spans=SPANS, kinds=[(*KIND_WORDS[kind], list(courses)) for kind, courses in kinds],
        units=UNIT_WORDS, spelled=spelled_measure, reason=spelled_reason, drawn=_drawn, list_of=list_of,
        prices=COST_PARAMETERS.values(), ranges=CARBON_RANGES.values(),
    )  # fmt: skip


@pages.get("/feuille.csv")
def sheet() -> ResponseReturnValue:
    """Returns each measure of each month as CSV, shares from 0 to 1."""
    head = [say("Mesure"), say("Code"), say("Unité"), say("Définition"), say("Source"), say("Mois"), say("Valeur")]
    return figures_sheet(say("mesures"), head, list(_rows(asked_figures())))


def _courses(asked: AskedFigures) -> list[MeasureCourse]:
    prices = prices_of_issuers(asked.issuers.values())
    return measure_courses(app_context.reading(), prices, asked.first, asked.today)


def _drawn(course: MeasureCourse, asked: AskedFigures) -> Markup:
    """Returns the course as a small curve, told by where it begins and where it is."""
    months = list(months_until(asked.first, asked.today))
    known = [(month, value) for month, value in zip(months, course.by_month, strict=True) if value is not None]
    ends = [f"{month_in_words(month)} {spelled_measure(course.measure, value)}" for month, value in known]
    told = f"{say(course.measure.name)}{say(' :')} {', '.join(dict.fromkeys([*ends[:1], *ends[-1:]]))}"
    values = [None if value is None else float(value) for value in course.by_month]
    return sparkline(told, values)


def _rows(asked: AskedFigures) -> Iterator[list[Cell]]:
    months = [f"{month:%Y-%m}" for month in months_until(asked.first, asked.today)]
    for measure, _, by_month, _ in _courses(asked):
        name, formula, unit = say(measure.name), say(measure.formula), say(UNIT_WORDS[measure.unit])
        for month, value in zip(months, by_month, strict=True):
            yield [name, measure.code, unit, formula, measure.source, month, value]
