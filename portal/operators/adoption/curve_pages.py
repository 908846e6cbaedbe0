"""Routes of the adoption pages: every issuer as a small chart, one issuer's curve against its plan with its forecast,
and its months as CSV."""

from collections.abc import Iterator
from decimal import Decimal

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from adoption.adoption_curves import adoption_curves
from adoption.forecast.known_forecasts import known_forecasts
from adoption.plans.known_plans import known_plans
from delivery.relationship.default_notice_counts import default_notice_counts
from export.saved_files.csv_table import Cell
from export.saved_files.file_name import file_name
from portal import app_context
from portal.access import staff_scope
from portal.operators.presenters.adoption_charts import curves_of
from portal.operators.presenters.adoption_outlook import AdoptionOutlook, OutlookRow
from portal.presenters.csv_export import csv_response
from portal.translation import say
from store.adoption_plans.plan_version import plan_versions
from store.issuer import Issuer

pages = Blueprint("staff_adoption", __name__, url_prefix="/equipe/adoption")


@pages.get("")
def show() -> ResponseReturnValue:
    """Shows all issuers to operators, and a member's issuer to the member."""
    issuers = list(staff_scope.issuers().values())
    return _page_of(issuers[0]) if staff_scope.issuer_id() is not None else _page_of_all(issuers)


@pages.get("/emetteur/<slug>")
def of_issuer(slug: str) -> ResponseReturnValue:
    return _page_of(issuer_of(slug))


@pages.get("/<slug>")
def formerly(slug: str) -> ResponseReturnValue:
    """Leads on from where an issuer's curve was, beside the pages of all: a slug may be the name of one of these."""
    return redirect(url_for(".of_issuer", slug=issuer_of(slug).slug), 301)


@pages.get("/emetteur/<slug>/feuille.csv")
def sheet(slug: str) -> ResponseReturnValue:
    """Returns each month of an issuer as CSV: as it was, as planned, as forecast. Shares are per cent."""
    outlook = _outlooks([issuer_of(slug)])[0]
    head = [
        say("Mois"), say("Contrats"), say("Inscrits"), say("Sans papier"), say("Part sans papier, en %"),
        say("Prévu par le plan, en %"), say("Prévision, en %"), say("Prévision au plus bas, en %"),
        say("Prévision au plus haut, en %"), say("Factures"), say("Présentées"), say("Lues en sept jours"),
        say("Lettres"), say("dont secours"), say("Lettres évitées"), say("Courriels revenus"),
    ]  # fmt: skip
    answer = Response(csv_response(head, (list(_cells(row)) for row in outlook.rows())), mimetype="text/csv")
    name = file_name(f"adoption-{outlook.issuer.slug}.csv")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def issuer_of(slug: str) -> Issuer:
    """Returns the issuer of this slug. Aborts with 404 if there is none in the visitor's scope."""
    found = next((each for each in staff_scope.issuers().values() if each.slug == slug), None)
    return found or abort(404)


def _page_of_all(issuers: list[Issuer]) -> str:
    points = adoption_curves(app_context.reading(), [each.id for each in issuers])
    together = [curve for curve in curves_of(points, issuers) if curve.issuer is None]
    return render_template(
        "operators/adoption/all_issuers.html",
        together=together[0] if together else None,
        outlooks=[each for each in _outlooks(issuers) if each.points or each.plan],
        default_notices=_default_notices(issuers),
    )


def _page_of(issuer: Issuer) -> str:
    session = app_context.reading()
    outlook = _outlooks([issuer])[0]
    return render_template(
        "operators/adoption/one_issuer.html",
        issuer=issuer,
        outlook=outlook,
        curve=next(iter(curves_of(outlook.points, [issuer])), None),
        versions=plan_versions(session, issuer.id),
        default_notices=_default_notices([issuer]),
        is_own=staff_scope.issuer_id() is not None,
    )


def _outlooks(issuers: list[Issuer]) -> list[AdoptionOutlook]:
    session, ids = app_context.reading(), [each.id for each in issuers]
    points, plans, forecasts = adoption_curves(session, ids), known_plans(session, ids), known_forecasts(session, ids)
    this_month = app_context.business_today().replace(day=1)
    return [
        AdoptionOutlook(
            each, [point for point in points if point.issuer == each.slug], plans.get(each.id), forecasts.get(each.id),
            this_month,
        )
        for each in issuers
    ]  # fmt: skip


def _default_notices(issuers: list[Issuer]) -> list[tuple[str, object]]:
    counts = default_notice_counts(app_context.reading(), staff_scope.issuer_id())
    return [(each.name, counts[each.id]) for each in issuers if each.id in counts]


def _cells(row: OutlookRow) -> Iterator[Cell]:
    known, foretold = row.figures, row.forecast
    yield f"{row.month:%Y-%m}"
    yield from (known.accounts, known.enrolled, known.paperless) if known else (None,) * 3
    yield _in_per_cent(known.paperless_rate if known else None)
    yield _in_per_cent(row.planned)
    yield from map(_in_per_cent, (foretold.expected, foretold.low, foretold.high) if foretold else (None,) * 3)
    if known is None:
        yield from (None,) * 7
    else:
        yield from (known.bills, known.presented, known.read7, known.letters, known.fallbacks)
        yield from (known.letters_saved, known.bounced)


def _in_per_cent(share: float | None) -> Decimal | None:
    return None if share is None else round(Decimal(share) * 100, 2)
