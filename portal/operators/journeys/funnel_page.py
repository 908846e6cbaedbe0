"""The page of the funnel: from the letter that invites to the ninetieth day without paper, and where people leave."""

from collections import Counter
from decimal import Decimal

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from adoption.journeys.funnel import Funnel, funnel
from adoption.measures.daily_facts import counts_of_days
from adoption.measures.registry import MEASURES
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
        asked=asked, spans=SPANS, funnel=_funnel(asked), days=_days_until_claim(asked),
        steps=STEP_WORDS, snags=SNAG_WORDS, beam=beam,
    )  # fmt: skip


@pages.get("/feuille.csv")
def sheet() -> ResponseReturnValue:
    asked = asked_figures()
    head = [say("Étape"), say("Contrats"), say("S’arrêtent ici")]
    rows: list[list[Cell]] = [
        [say(STEP_WORDS[each.step].name), each.reached, each.stopped] for each in _funnel(asked).steps
    ]
    return figures_sheet(say("entonnoir"), head, rows)


def _days_until_claim(asked: AskedFigures) -> tuple[Decimal, Decimal] | None:
    """Days from the first invitation to the claim, of half and of nine in ten of the claims of these months; None where
    there was none."""
    session, codes = app_context.reading(), ("claim_days_p50", "claim_days_p90")
    counts: Counter[str] = Counter()
    for each in counts_of_days(session, list(asked.issuers), asked.first, asked.today, codes).values():
        counts.update(each)
    half, most = (MEASURES[code].value(counts) for code in codes)
    return None if half is None or most is None else (half, most)


def _funnel(asked: AskedFigures) -> Funnel:
    return funnel(app_context.reading(), list(asked.issuers), asked.first, asked.last, asked.today)
