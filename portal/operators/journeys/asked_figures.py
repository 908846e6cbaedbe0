"""What a page of figures is asked for: which months, and of which issuers within the visitor's scope."""

from datetime import date
from typing import Any, Final, NamedTuple

from flask import abort, request

from adoption.calendar_months import earlier
from portal import app_context
from portal.access import staff_scope
from portal.translation import language
from store.issuer import Issuer
from words.relative_dates import spell_month

#: Months that may be asked for, the present one among them.
SPANS: Final = (3, 6, 12, 24, 60)
USUAL_SPAN: Final = 12


class AskedFigures(NamedTuple):
    """The first days of the first and last month, the day on which it is asked, the issuers, and the one that was
    chosen among them ("": all)."""

    months: int
    first: date
    last: date
    today: date
    issuers: dict[int, Issuer]
    slug: str
    choices: dict[int, Issuer]

    @property
    def in_words(self) -> str:
        """The months: `janvier 2026 – mars 2026`."""
        return f"{month_in_words(self.first)} – {month_in_words(self.last)}"

    @property
    def query(self) -> dict[str, Any]:
        """The query that asks for the same again."""
        span: dict[str, Any] = {} if self.months == USUAL_SPAN else {"mois": self.months}
        return span | ({"emetteur": self.slug} if self.slug else {})


def month_in_words(month: date) -> str:
    """A month within a sentence: `mars 2026`."""
    return spell_month(month, language())


def asked_figures() -> AskedFigures:
    """Returns what the query asks for: *mois*, one of SPANS, and *emetteur*, a slug. Aborts with 404 for an issuer that
    is not in the visitor's scope, as for one that is not there."""
    text, slug = request.args.get("mois", ""), request.args.get("emetteur", "")[:100]
    months = int(text) if text in {str(each) for each in SPANS} else USUAL_SPAN
    today, choices = app_context.business_today(), staff_scope.issuers()
    chosen = {each.id: each for each in choices.values() if not slug or each.slug == slug}
    if slug and not chosen:
        abort(404)
    last = today.replace(day=1)
    return AskedFigures(months, earlier(last, months - 1), last, today, chosen, slug, choices)
