"""The page of paper: why bills went on paper, what that cost, and what would stop it; with the bills of each reason."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from adoption.calendar_months import later
from adoption.costs.cost_parameters import COST_PARAMETERS
from adoption.paper.letters_by_reason import BilledOnPaper, OnPaper, letters_by_reason
from adoption.paper.what_stops_paper import Door, PaperRemedy, remedy_of
from bill.decimal_text import amount_text
from export.saved_files.csv_table import Cell
from portal import app_context
from portal.access import current_user
from portal.operators.journeys.asked_figures import SPANS, AskedFigures, asked_figures
from portal.operators.journeys.figures_sheet import figures_sheet
from portal.operators.presenters.delivery_timeline import short_status
from portal.presenters.svg_charts import beam
from portal.public_id_converter import row_of
from portal.translation import say
from store.bills.bill import BillRow
from store.facts.listed_letters import AskedLetters, letters_listed
from store.reason_columns import CODE_LENGTH

pages = Blueprint("adoption_paper", __name__, url_prefix="/equipe/adoption/papier")

A_PAGE: Final = 50
#: Rows of a sheet that are fetched at once.
_GROUP: Final = 500
#: The page of each door, and the one for an issuer's members where theirs is another.
_DOORS: Final[dict[Door, tuple[str, str]]] = {
    "invite": ("campaigns.show_all", "campaigns.show_all"),
    "accounts": ("account_questions.show_all", "account_questions.show_all"),
    "quality": ("quality.show", "quality.show"),
    "policy": ("", "policy.show"),
    "bereavements": ("waiting.show", "waiting.show"),
}


class PaperReason(NamedTuple):
    """A reason for paper with its bills and their cost in EUR, of all issuers that are shown."""

    code: str
    bills: int
    cost: Decimal
    remedy: PaperRemedy
    door: str


class PaperFigures(NamedTuple):
    """The bills of the months that are asked for, and those that went on paper, by reason and by issuer."""

    bills: int
    reasons: list[PaperReason]
    by_issuer: list[tuple[int, int, Decimal]]

    @property
    def letters(self) -> int:
        return sum(each.bills for each in self.reasons)

    @property
    def cost(self) -> Decimal:
        return sum((each.cost for each in self.reasons), Decimal(0))

    @property
    def of_choice(self) -> int:
        """How many of them are a choice or a right of the customer's."""
        return sum(each.bills for each in self.reasons if each.remedy.is_right)


@pages.get("")
def show() -> ResponseReturnValue:
    asked = asked_figures()
    return render_template(
        "operators/journeys/paper.html",
        asked=asked, spans=SPANS, paper=_figures(asked), prices=COST_PARAMETERS.values(), beam=beam,
    )  # fmt: skip


@pages.get("/feuille.csv")
def sheet() -> ResponseReturnValue:
    head = [say("Motif"), say("Code"), say("Factures"), say("Coût en euros"), say("Ce qui l’arrêterait")]
    rows: list[list[Cell]] = [
        [say(each.remedy.name), each.code, each.bills, each.cost, say(each.remedy.words)]
        for each in _figures(asked_figures()).reasons
    ]
    return figures_sheet(say("papier"), head, rows)


@pages.get("/factures")
def bills() -> ResponseReturnValue:
    """The bills that were posted for the reason *motif*, or for any; *suite* is where the list goes on."""
    asked, code = asked_figures(), _code()
    query = asked.query | ({"motif": code} if code else {})
    after = row_of(request.args.get("suite", ""), "cursor") or 0
    found = letters_listed(app_context.reading(), _letters(asked, code), after, A_PAGE + 1)
    shown = found[:A_PAGE]

    def there(**more: Any) -> str:
        return url_for(".bills", **query, **more)

    return render_template(
        "operators/journeys/paper_bills.html",
        asked=asked, remedy=remedy_of(code) if code else None, bills=shown, short_status=short_status,
        sheet=url_for(".bills_sheet", **query),
        first=there() if after else None,
        following=there(suite=shown[-1].id) if len(found) > A_PAGE else None,
    )  # fmt: skip


@pages.get("/factures/feuille.csv")
def bills_sheet() -> ResponseReturnValue:
    """Streams all of them as CSV."""
    asked, code = asked_figures(), _code()
    head = [
        say("Émetteur"), say("Facture"), say("Nom"), say("Date"), say("Montant"), say("Devise"),
    ]  # fmt: skip
    return figures_sheet(say("factures sur papier"), head, _bill_rows(asked, _letters(asked, code)))


def _bill_rows(asked: AskedFigures, letters: AskedLetters) -> Iterator[list[Cell]]:
    after = 0
    with app_context.store().reading() as session:
        while found := letters_listed(session, letters, after, _GROUP):
            yield from (_bill_row(asked, each) for each in found)
            after = found[-1].id


def _bill_row(asked: AskedFigures, bill: BillRow) -> list[Cell]:
    amount = Decimal(amount_text(bill.payable, bill.currency))
    name = asked.issuers[bill.issuer_id].name
    return [name, bill.number, bill.buyer_name, bill.issue_date.isoformat(), amount, bill.currency]


def _code() -> str:
    """The reason that is asked for, "" for any."""
    return request.args.get("motif", "")[:CODE_LENGTH]


def _letters(asked: AskedFigures, code: str) -> AskedLetters:
    codes = [code] if code else sorted({each.code for each in _billed(asked).letters})
    return AskedLetters(list(asked.issuers), codes, asked.first, _end(asked.last))


def _end(month: date) -> date:
    """The last day of a month."""
    return date.fromordinal(later(month).toordinal() - 1)


def _billed(asked: AskedFigures) -> BilledOnPaper:
    return letters_by_reason(app_context.reading(), asked.issuers, asked.first, _end(asked.last))


def _figures(asked: AskedFigures) -> PaperFigures:
    billed = _billed(asked)
    return PaperFigures(billed.bills, _reasons(billed.letters), _by_issuer(billed.letters))


def _reasons(letters: Sequence[OnPaper]) -> list[PaperReason]:
    bills: Counter[str] = Counter()
    costs: dict[str, Decimal] = {}
    for each in letters:
        bills[each.code] += each.bills
        costs[each.code] = costs.get(each.code, Decimal(0)) + each.cost
    return [
        PaperReason(code, number, costs[code], remedy_of(code), _door(remedy_of(code).door))
        for code, number in bills.most_common()
    ]


def _by_issuer(letters: Sequence[OnPaper]) -> list[tuple[int, int, Decimal]]:
    bills: Counter[int] = Counter()
    costs: dict[int, Decimal] = {}
    for each in letters:
        bills[each.issuer_id] += each.bills
        costs[each.issuer_id] = costs.get(each.issuer_id, Decimal(0)) + each.cost
    return [(issuer_id, number, costs[issuer_id]) for issuer_id, number in bills.most_common()]


def _door(door: Door) -> str:
    """The address of a door; "" where this visitor has none."""
    endpoint = _DOORS[door][0 if current_user.staff().is_operator else 1] if door else ""
    return url_for(endpoint) if endpoint in current_app.view_functions else ""
