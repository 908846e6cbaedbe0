"""The list behind each measure of the page of measures: the contracts that stand so today or did so in the months, or
the bills that were issued in them; as a page and as CSV."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from adoption.account_day_changes import LEVELS
from adoption.accounts_of_month import accounts_of_month, accounts_that_did
from adoption.bill_contribution import LETTERS, daily_measures_of, is_of_bills, masks_of
from adoption.measures.measure import Measure
from adoption.measures.measure_courses import MeasureCourse
from adoption.measures.registry import MEASURES
from export.saved_files.csv_table import Cell
from portal import app_context
from portal.operators.adoption.listed_cells import cells_of, head_of
from portal.operators.journeys.asked_figures import AskedFigures, asked_figures
from portal.operators.journeys.figures_sheet import figures_sheet
from portal.operators.presenters.delivery_timeline import short_status
from portal.public_id_converter import row_of
from portal.translation import say
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.facts.counted_contribution import counted_bills
from store.facts.daily_fact import Days
from store.facts.listed_month import AskedBills, bills_of_month

pages = Blueprint("adoption_measure", __name__, url_prefix="/equipe/adoption/mesures/liste")

A_PAGE: Final = 50
#: Rows of a sheet that are fetched at once.
_GROUP: Final = 500
#: The counts behind what is reckoned at prices; behind any other measure is the first that it is reckoned from.
_PRICED: Final[Mapping[str, tuple[str, ...]]] = {
    "euros_fallback": ("fallback_letters",), "euros_messages": ("emails", "sms"), "euros_invitations": ("invitations",),
}  # fmt: skip


class Listed(NamedTuple):
    """A contract or a bill, and how often it is counted."""

    row: CustomerAccount | BillRow
    times: int


class AskedMeasure(NamedTuple):
    """A measure, of these months and issuers."""

    measure: Measure
    figures: AskedFigures

    @property
    def heading(self) -> str:
        return say(self.measure.name)

    @property
    def issuers(self) -> Mapping[int, Any]:
        return self.figures.issuers

    @property
    def counts(self) -> tuple[str, ...]:
        """The counts whose rows are listed: those of one row may be several."""
        return behind(self.measure)

    @property
    def query(self) -> dict[str, Any]:
        """The query that asks for the same again."""
        return {"mesure": self.measure.code} | self.figures.query

    def page(self, session: Session, after: int, limit: int) -> list[Listed]:
        """The next rows, after that of this id."""
        ids, [count, *_] = list(self.issuers), self.counts
        first, today = self.figures.first, self.figures.today
        if count in LEVELS:
            tomorrow = date.fromordinal(today.toordinal() + 1)
            return [Listed(each, 1) for each in accounts_of_month(session, ids, count, tomorrow, after, limit)]
        if not is_of_bills(count):
            return [Listed(*each) for each in accounts_that_did(session, ids, count, Days(first, today), after, limit)]
        bills = bills_of_month(session, AskedBills(ids, masks_of(self.counts), first, today), after, limit)
        return [Listed(each, times) for each, times in zip(bills, self._times(session, bills), strict=True)]

    def _times(self, session: Session, bills: list[BillRow]) -> Iterator[int]:
        counted = counted_bills(session, [each.id for each in bills])
        for each in bills:
            added = dict(daily_measures_of(counted[each.id].what_it_adds())) if each.id in counted else {}
            yield sum(added.get(count, 0) for count in self.counts)


def behind(measure: Measure) -> tuple[str, ...]:
    """The counts of the rows behind a measure."""
    return _PRICED.get(measure.code) or (measure.numerator,)


def list_of(course: MeasureCourse, asked: AskedFigures) -> str:
    """The address of the list behind a measure; "" where nothing is behind it."""
    if not course.value:
        return ""
    if course.measure.numerator == LETTERS:
        return url_for("adoption_paper.show", **asked.query)
    return url_for("adoption_measure.show", **AskedMeasure(course.measure, asked).query)


@pages.get("")
def show() -> ResponseReturnValue:
    """*mesure* is the code of a measure; *mois* and *emetteur* as on the page of measures; *suite* is where the list
    goes on."""
    asked = _asked()
    after = row_of(request.args.get("suite", ""), "cursor") or 0
    found = asked.page(app_context.reading(), after, A_PAGE + 1)
    shown = [each.row for each in found[:A_PAGE]]

    def there(page: str, **more: Any) -> str:
        return url_for(page, **asked.query, **more)

    return render_template(
        "operators/adoption/month_list.html",
        asked=asked, shown=shown, is_of_bills=is_of_bills(asked.counts[0]), short_status=short_status,
        about=asked.measure.formula, back_name=say("Mesures"),
        back=url_for("adoption_measures.show", **asked.figures.query, _anchor=asked.measure.code),
        sheet=there(".sheet"), first=there(".show") if after else None,
        following=there(".show", suite=shown[-1].id) if len(found) > A_PAGE else None,
    )  # fmt: skip


@pages.get("/feuille.csv")
def sheet() -> Response:
    """Streams all of them as CSV, each with how often it is counted."""
    asked = _asked()
    head = [*head_of(is_of_bills=is_of_bills(asked.counts[0])), say("Nombre")]
    return figures_sheet(asked.measure.code, head, _rows(asked))


def _rows(asked: AskedMeasure) -> Iterator[list[Cell]]:
    after = 0
    with app_context.store().reading() as session:
        while found := asked.page(session, after, _GROUP):
            for row, times in found:
                yield [*cells_of(asked.issuers[row.issuer_id].name, row), times]
            after = found[-1].row.id


def _asked() -> AskedMeasure:
    """Returns what the query asks for. Aborts with 404 for a code of no measure, and for one whose list is another
    page."""
    measure = MEASURES.get(request.args.get("mesure", ""))
    if measure is None or measure.numerator == LETTERS:
        abort(404)
    return AskedMeasure(measure, asked_figures())
