"""Home: what is to pay, then every bill of every issuer by month. Strangers see what Facteur is."""

from datetime import date, timedelta
from itertools import groupby
from typing import Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import here, visitor
from portal.consumers.listed import listed
from portal.consumers.owed import asking_of, owed, past_without_a_word
from portal.row_number import row_number
from portal.typed import one_line
from store.amount_due import amounts_due
from store.bill import bills_of_consumer
from store.consumer import Consumer, accounts_of

pages = Blueprint("home", __name__)

PAGE: Final = 24
LONGEST_SEARCH: Final = 100
#: A bill that nobody has looked at is news for so long; linking a contract brings a year of them.
NEWS: Final = timedelta(days=30)


@pages.get("/")
def show() -> ResponseReturnValue:
    known = visitor.visitor()
    if known is None or known.consumer is None:
        return render_template("landing.html")
    return _bills(known.consumer)


def _bills(consumer: Consumer) -> ResponseReturnValue:
    before, account_id = _before(request.args.get("avant", "")), row_number(request.args.get("contrat", ""))
    asked = one_line(request.args.get("cherche", ""), LONGEST_SEARCH)
    session, today = here.reading(), here.today()
    found = bills_of_consumer(session, consumer.id, before, PAGE + 1, account_id, asked)
    shown = found[:PAGE]
    sums = owed(asking_of(session, consumer.id, today)) if before is None else []
    dues = amounts_due(session, [row for row, _ in shown], today)
    months = [(month, list(rows)) for month, rows in groupby(shown, lambda each: each[0].issue_date.replace(day=1))]
    return render_template(
        "home.html",
        months=months,
        owed=sums,
        unheard=0 if sums or before else past_without_a_word(session, consumer.id, today),
        entries={row.id: listed(row, dues[row.id], today) for row, _ in shown},
        is_new=lambda row: row.viewed_at is None and here.now() - row.received_at < NEWS,
        has_accounts=bool(shown) or bool(accounts_of(session, consumer.id)),
        is_first=before is None,
        account_id=account_id,
        asked=asked,
        older=_older(shown[-1][0].issue_date, shown[-1][0].id, account_id, asked) if len(found) > PAGE else None,
    )


def _older(day: date, bill_id: int, account_id: int | None, asked: str) -> str:
    return url_for("home.show", avant=f"{day}.{bill_id}", contrat=account_id, cherche=asked or None)


def _before(text: str) -> tuple[date, int] | None:
    """The last row of the page before (`2026-11-03.4711`); None when there is none, or nobody wrote it."""
    day, _, number = text.partition(".")
    bill_id = row_number(number)
    try:
        return None if bill_id is None else (date.fromisoformat(day), bill_id)
    except ValueError:
        return None
