"""The list of accounts behind a figure of the funnel or of a cohort."""

from collections.abc import Iterator
from datetime import date
from typing import Any, Final, NamedTuple

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from adoption.journeys.cohort import COHORT_LOOKS, look_bits
from adoption.journeys.journey import AGES
from export.saved_files.csv_table import Cell
from portal import app_context
from portal.operators.journeys.asked_figures import AskedFigures, asked_figures, month_in_words
from portal.operators.journeys.figures_sheet import figures_sheet
from portal.operators.journeys.step_words import LOOK_WORDS, SNAG_WORDS, STEP_WORDS
from portal.public_id_converter import row_of
from portal.translation import say
from store.facts.account_journey import SNAGS, STEPS, AccountJourney
from store.facts.listed_journeys import (
    AccountOnItsWay,
    AskedCohort,
    AskedJourneys,
    cohort_listed,
    journeys_listed,
)
from words.catalogue import N_

pages = Blueprint("adoption_contracts", __name__, url_prefix="/equipe/adoption/contrats")

A_PAGE: Final = 50
#: Rows of a sheet that are fetched at once.
_GROUP: Final = 500


_STANDS: Final = N_("{look} : ajoutés en {month}, {n} mois après|{look} : ajoutés en {month}, {n} mois après")
_STANDS_NOT: Final = N_(
    "{look} : non. Ajoutés en {month}, {n} mois après|{look} : non. Ajoutés en {month}, {n} mois après"
)


class AskedList(NamedTuple):
    """What is listed: the rows to ask for, its heading, and the query that asks for it again."""

    asked: AskedFigures
    rows: AskedJourneys | AskedCohort
    heading: str
    query: dict[str, Any]

    def page(self, session: Session, after: int, limit: int) -> list[AccountOnItsWay]:
        """The next accounts, after that of this id."""
        if isinstance(self.rows, AskedCohort):
            return cohort_listed(session, self.rows, after, limit)
        return journeys_listed(session, self.rows, after, limit)


@pages.get("")
def show() -> ResponseReturnValue:
    """*etape* is the step that was reached, *arret* that at which people stopped (*accroc*: for this reason); or
    *cohorte* is a month (*jusque*: to this one) of those who added a contract, with the *age* and the *regard* of those
    who stand so, or (*sans*) do not. *suite* is where the list goes on."""
    listed = _asked_list()
    after = row_of(request.args.get("suite", ""), "cursor") or 0
    found = listed.page(app_context.reading(), after, A_PAGE + 1)
    shown = found[:A_PAGE]

    def there(page: str, **more: Any) -> str:
        return url_for(page, **listed.query, **listed.asked.query, **more)

    return render_template(
        "operators/journeys/contracts.html",
        asked=listed.asked, heading=listed.heading, steps=STEP_WORDS, snags=SNAG_WORDS, month_in_words=month_in_words,
        listed=[(account, journey, _step(journey, listed.asked.today)) for account, journey in shown],
        back="adoption_cohorts.show" if isinstance(listed.rows, AskedCohort) else "adoption_funnel.show",
        sheet=there(".sheet"), first=there(".show") if after else None,
        following=there(".show", suite=shown[-1].account.id) if len(found) > A_PAGE else None,
    )  # fmt: skip


@pages.get("/feuille.csv")
def sheet() -> ResponseReturnValue:
    """Streams all of them as CSV."""
    head = [say("Émetteur"), say("Contrat"), say("Titulaire"), say("Étape"), say("Depuis")]
    return figures_sheet(say("contrats"), head, _rows(_asked_list()))


def _rows(listed: AskedList) -> Iterator[list[Cell]]:
    after = 0
    names = {step: say(words.name) for step, words in STEP_WORDS.items()}
    with app_context.store().reading() as session:
        while found := listed.page(session, after, _GROUP):
            for account, journey in found:
                issuer = listed.asked.issuers[account.issuer_id].name
                step = names[_step(journey, listed.asked.today)]
                yield [issuer, account.number, account.holder, step, f"{journey.began:%Y-%m}"]
            after = found[-1].account.id


def _step(journey: AccountJourney, today: date) -> str:
    """The step that an account counts at today."""
    return "paperless" if journey.settled > today else STEPS[journey.step]


def _asked_list() -> AskedList:
    return _of_cohort(asked_figures()) if "cohorte" in request.args else _of_funnel(asked_figures())


def _of_funnel(asked: AskedFigures) -> AskedList:
    is_stop, snag = "arret" in request.args, request.args.get("accroc", "")
    step = request.args.get("arret" if is_stop else "etape", "")
    if step not in STEPS or (snag and snag not in SNAGS):
        abort(404)
    n = STEPS.index(step)
    steps = [n] if is_stop else list(range(n, len(STEPS)))
    rows = AskedJourneys(list(asked.issuers), steps, asked.first, asked.last, asked.today, snag)
    words = STEP_WORDS[step]
    heading = say(words.name) if not is_stop else say("{step}, et pas plus loin", step=say(words.name))
    if snag:
        heading += f"{say(' :')} {say(SNAG_WORDS[snag])}"
    query: dict[str, Any] = {"arret" if is_stop else "etape": step}
    return AskedList(asked, rows, heading, query | ({"accroc": snag} if snag else {}))


def _of_cohort(asked: AskedFigures) -> AskedList:
    month, until = (_month(request.args.get(name, request.args["cohorte"])) for name in ("cohorte", "jusque"))
    if month is None or until is None:
        abort(404)
    ids, query = (
        list(asked.issuers),
        {"cohorte": f"{month:%Y-%m}"} | ({"jusque": f"{until:%Y-%m}"} if until != month else {}),
    )
    months = month_in_words(month) if until == month else f"{month_in_words(month)} – {month_in_words(until)}"
    if not {"regard", "age"} & set(request.args):
        return AskedList(asked, AskedCohort(ids, month, until), say("Ajoutés en {month}", month=months), query)
    look = next((each for each in COHORT_LOOKS if each == request.args.get("regard", "")), None)
    age = next((each for each in AGES if str(each) == request.args.get("age", "")), None)
    if look is None or age is None:
        abort(404)
    is_so = "sans" not in request.args
    so, among = look_bits(look, age)
    rows = AskedCohort(ids, month, until, so, among, is_so)
    heading = say(_STANDS if is_so else _STANDS_NOT, look=say(LOOK_WORDS[look][0]), month=months, n=age)
    return AskedList(asked, rows, heading, query | {"regard": look, "age": age} | ({} if is_so else {"sans": 1}))


def _month(text: str) -> date | None:
    """The month of `2026-03`; None where it is none."""
    try:
        return date.fromisoformat(f"{text[:7]}-01")
    except ValueError:
        return None
