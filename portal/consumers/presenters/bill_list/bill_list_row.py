"""A bill as a row of the list, drawn at once: set by a template, its pieces would cost more than all that is read for
it (docs/fast-paths.md)."""

from datetime import date
from typing import NamedTuple, Self

from markupsafe import Markup, escape

from bill import AmountDue
from portal.consumers.presenters.bill_list.found_where import FoundWhere
from portal.presenters.amount_due_text import amount_due_text, figure_of
from portal.presenters.amounts_and_dates import exact_day, money
from portal.presenters.issuer_badge import IssuerBadge, drawn, named
from portal.presenters.marked_words import sought
from portal.translation import say
from store.bills.listed_bill import ListedBill
from store.search.typed_search import TypedSearch


class IssuerInRows(NamedTuple):
    """An issuer as all its rows of a page show it: its badge, and its name."""

    badge: Markup
    name: Markup

    @classmethod
    def of(cls, badge: IssuerBadge, *, is_sought: bool) -> Self:
        """*is_sought*: the words of the page's search are marked in the name."""
        return cls(drawn(badge), escape(sought(badge.name)) if is_sought else named(badge))


def bill_list_row(
    row: ListedBill, url: str, issuer: IssuerInRows, due: AmountDue, today: date, where: FoundWhere | None = None, *,
    search: TypedSearch | None = None, is_new: bool = False,
) -> Markup:  # fmt: skip
    """Returns the row of a bill in a list, pale where its reader has nothing more to do, which leads to *url*, escaped.
    *where* the words of a *search* stand is said below the issuer's name, and its amount is marked."""
    is_open = due.is_current(today, row.issue_date)
    words = amount_due_text(due, short=True, is_current=is_open)
    notes = f" · {escape(say('copie'))}" if row.is_copy else ""
    if row.is_imported:
        notes += f" · {escape(say('ajoutée par vous'))}"
    if is_new:
        notes += f" · <b>{escape(say('nouvelle'))}</b>"
    figure = figure_of(due, row.payable)
    amount = money(figure, row.currency, is_marked=search is not None and search.asks_amount(figure))
    return Markup(  # noqa: S704 -- what others wrote is escaped, each piece where it is set
        f'<li><a class="row{"" if is_open else " done"}" href="{url}">{issuer.badge}'
        f'<span><span class="name">{issuer.name}</span> '
        f'<span class="about">{exact_day(row.issue_date, year=False)}{notes}</span>{_excerpt(where)}</span> '
        f'<span class="value">{amount} '
        f'<span class="chip {words.tone}">{escape(words.text)}</span></span></a></li>\n'
    )


def _excerpt(where: FoundWhere | None) -> str:
    if where is None:
        return ""
    source = f'<span class="source">{escape(where.source)}{escape(say(" :"))}</span> ' if where.source else ""
    return f' <span class="excerpt">{source}{escape(where.excerpt)}</span>'
