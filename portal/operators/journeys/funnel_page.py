"""The page of the funnel: from the letter that invites to the ninetieth day without paper, and where people leave."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from adoption.journeys.funnel import Funnel, funnel
from export.saved_files.csv_table import Cell
from portal import app_context
from portal.operators.journeys.asked_figures import SPANS, AskedFigures, asked_figures
from portal.operators.journeys.figures_sheet import figures_sheet
from portal.operators.journeys.step_words import SNAG_WORDS, STEP_WORDS
from portal.presenters.svg_charts import beam
from portal.translation import say

pages = Blueprint("adoption_funnel", __name__, url_prefix="/equipe/adoption/entonnoir")


@pages.get("")
def show() -> ResponseReturnValue:
    asked = asked_figures()
    return render_template(
        "operators/journeys/funnel.html",
        asked=asked, spans=SPANS, funnel=_funnel(asked), steps=STEP_WORDS, snags=SNAG_WORDS, beam=beam,
    )  # fmt: skip


@pages.get("/feuille.csv")
def sheet() -> ResponseReturnValue:
    asked = asked_figures()
    head = [say("Étape"), say("Contrats"), say("S’arrêtent ici")]
    rows: list[list[Cell]] = [
        [say(STEP_WORDS[each.step].name), each.reached, each.stopped] for each in _funnel(asked).steps
    ]
    return figures_sheet(say("entonnoir"), head, rows)


def _funnel(asked: AskedFigures) -> Funnel:
    return funnel(app_context.reading(), list(asked.issuers), asked.first, asked.last, asked.today)
