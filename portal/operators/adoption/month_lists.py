"""The list behind each figure of the months: the contracts that stood so when the month ended, or the bills that were
issued in it; as a page and as CSV."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from adoption.accounts_of_month import accounts_of_month
from adoption.bill_contribution import masks_of
from adoption.calendar_months import later
from export.saved_files.csv_table import Cell
from portal import app_context
from portal.access import staff_scope
from portal.operators.adoption.listed_cells import cells_of, head_of
from portal.operators.journeys.asked_figures import month_in_words
from portal.operators.journeys.figures_sheet import figures_sheet
from portal.operators.presenters.delivery_timeline import short_status
from portal.public_id_converter import row_of
from portal.translation import say
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.facts.listed_month import AskedBills, bills_of_month
from store.facts.monthly_fact import LASTING
from store.issuer import Issuer
from words.catalogue import N_

pages = Blueprint("adoption_month", __name__, url_prefix="/equipe/adoption/mois")

A_PAGE: Final = 50
#: Rows of a sheet that are fetched at once.
_GROUP: Final = 500
#: The figures of a month by the words of the address, each with its heading.
FIGURES: Final[Mapping[str, tuple[str, str]]] = {
    "contrats": ("accounts", N_("Contrats")), "inscrits": ("enrolled", N_("Inscrits")),
    "sans-papier": ("paperless", N_("Sans papier")), "factures": ("bills", N_("Factures")),
    "presentees": ("presented", N_("Présentées")), "lues": ("read7", N_("Lues en sept jours")),
    "lettres": ("letters", N_("Lettres")), "secours": ("fallbacks", N_("Lettres de secours")),
    "evitees": ("letters_saved", N_("Lettres évitées")), "revenus": ("bounced", N_("Courriels revenus")),
}  # fmt: skip


class AskedMonth(NamedTuple):
    """A figure of a month, and the issuers within the visitor's scope that are meant (*slug* "": all)."""

    month: date
    figure: str
    issuers: dict[int, Issuer]
    slug: str

    @property
    def measure(self) -> str:
        return FIGURES[self.figure][0]

    @property
    def heading(self) -> str:
        return say("{figure}, {month}", figure=say(FIGURES[self.figure][1]), month=month_in_words(self.month))

    @property
    def query(self) -> dict[str, Any]:
        """The query that asks for the same again."""
        return {"mois": f"{self.month:%Y-%m}", "chiffre": self.figure} | ({"emetteur": self.slug} if self.slug else {})

    def page(self, session: Session, after: int, limit: int) -> list[CustomerAccount] | list[BillRow]:
        """The next rows, after that of this id."""
        ids, end = list(self.issuers), later(self.month)
        if self.measure in LASTING:
            return accounts_of_month(session, ids, self.measure, end, after, limit)
        last = date.fromordinal(end.toordinal() - 1)
        return bills_of_month(session, AskedBills(ids, masks_of([self.measure]), self.month, last), after, limit)


@pages.get("")
def show() -> ResponseReturnValue:
    """*mois* is the month, *chiffre* the figure, *emetteur* an issuer; *suite* is where the list goes on."""
    asked = _asked()
    after = row_of(request.args.get("suite", ""), "cursor") or 0
    found = asked.page(app_context.reading(), after, A_PAGE + 1)
    shown = found[:A_PAGE]

    def there(page: str, **more: Any) -> str:
        return url_for(page, **asked.query, **more)

    return render_template(
        "operators/adoption/month_list.html",
        asked=asked, shown=shown, is_of_bills=asked.measure not in LASTING, short_status=short_status,
        back=url_for("staff_adoption.of_issuer", slug=asked.slug) if asked.slug else url_for("staff_adoption.show"),
        sheet=there(".sheet"), first=there(".show") if after else None,
        following=there(".show", suite=shown[-1].id) if len(found) > A_PAGE else None,
    )  # fmt: skip


@pages.get("/feuille.csv")
def sheet() -> Response:
    """Streams all of them as CSV."""
    asked = _asked()
    return figures_sheet(asked.figure, head_of(is_of_bills=asked.measure not in LASTING), _rows(asked))


def _rows(asked: AskedMonth) -> Iterator[list[Cell]]:
    after = 0
    with app_context.store().reading() as session:
        while found := asked.page(session, after, _GROUP):
            yield from (cells_of(asked.issuers[each.issuer_id].name, each) for each in found)
            after = found[-1].id


def _asked() -> AskedMonth:
    """Returns what the query asks for. Aborts with 404 for a figure or a month that is none, and for an issuer that is
    not in the visitor's scope."""
    figure, slug = request.args.get("chiffre", ""), request.args.get("emetteur", "")[:100]
    issuers = {each.id: each for each in staff_scope.issuers().values() if not slug or each.slug == slug}
    month = _month(request.args.get("mois", ""))
    if figure not in FIGURES or not issuers or month is None:
        abort(404)
    return AskedMonth(month, figure, issuers, slug)


def _month(text: str) -> date | None:
    """The first day of `2026-03`; None where it is none, or the last that there is."""
    try:
        month = date.fromisoformat(f"{text[:7]}-01")
        later(month)
    except (ValueError, OverflowError):
        return None
    return month
