"""The bills of one month as a section of the list, drawn at once like its rows (docs/fast-paths.md)."""

from collections.abc import Mapping

from markupsafe import Markup, escape

from portal.consumers.presenters.bill_list.bill_listing import BillMonth
from portal.presenters.amounts_and_dates import money, month
from portal.translation import say


def bill_list_month(found: BillMonth, rows: Mapping[int, Markup], total_words: str) -> Markup:
    """Returns the section of a month: its name, its total (*total_words* say of what), and its *rows*, by bill id."""
    name, later = f"m{found.month}", ""
    if found.is_continued:
        later = f'<span class="quiet">{escape(say(", suite"))}</span>'
    totals = ", ".join(money(amount, currency) for currency, amount in found.totals.items())
    told = f'<p class="quiet">{totals} {escape(total_words)}</p>' if totals else ""
    return Markup(  # noqa: S704 -- amounts and rows are markup, words are escaped where they are set
        f'<section aria-labelledby="{name}">\n<div class="month">\n<h2 id="{name}">{escape(month(found.month))}{later}'
        f'</h2>\n{told}</div>\n<ul class="rows">\n{"".join(rows[bill.id] for bill in found.bills)}</ul>\n</section>\n'
    )
