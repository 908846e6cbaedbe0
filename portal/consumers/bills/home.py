"""The consumer's home page: the total to pay, then all bills by month. Strangers see what Facteur is."""

from datetime import date, timedelta
from itertools import groupby
from typing import Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bill import ASKED_FOR
from payments.amounts_due import amounts_due
from portal import app_context
from portal.access import current_user
from portal.consumers.presenters.bill_list_row import bill_list_row
from portal.consumers.presenters.total_to_pay import asking_among, past_without_a_word, totals_to_pay
from portal.form_input import one_line
from portal.public_id_converter import public_id, row_of
from store.accounts.consumer import accounts_of
from store.accounts.signed_in_consumer import SignedInConsumer
from store.bills.bill_filter import BillFilter
from store.bills.bills_of_consumer import bills_of_consumer, owed_by_consumer
from store.delivery import seen_by

pages = Blueprint("home", __name__)

PAGE: Final = 24
LONGEST_SEARCH: Final = 100
#: A bill that its reader has not looked at is news for so long, whoever else has; linking a contract brings a year of
#: them.
NEWS: Final = timedelta(days=30)


@pages.get("/")
def show() -> ResponseReturnValue:
    known = current_user.signed_in_user()
    if known is None or known.consumer is None:
        return render_template("consumers/sign_in/landing.html")
    return _bills(known.consumer)


def _bills(consumer: SignedInConsumer) -> ResponseReturnValue:
    before, account_id = _before(request.args.get("avant", "")), row_of(request.args.get("contrat", ""), "account")
    asked = one_line(request.args.get("cherche", ""), LONGEST_SEARCH)
    session, today = app_context.reading(), app_context.today()
    only = BillFilter(account_id=account_id, asked=asked)
    found = bills_of_consumer(session, consumer.id, only, before, PAGE + 1)
    shown = found[:PAGE]
    owed = [row for row, _ in owed_by_consumer(session, consumer.id, today - ASKED_FOR)] if before is None else []
    rows = {row.id: row for row in (*owed, *(row for row, _ in shown))}
    dues = amounts_due(session, rows.values(), today)
    sums = totals_to_pay(asking_among(owed, dues, today))
    seen = seen_by(session, consumer.id, [row.id for row, _ in shown])
    months = [(month, list(rows)) for month, rows in groupby(shown, lambda each: each[0].issue_date.replace(day=1))]
    return render_template(
        "consumers/bills/home.html",
        months=months,
        owed=sums,
        unheard=0 if sums or before else past_without_a_word(session, consumer.id, today),
        entries={row.id: bill_list_row(row, dues[row.id], today) for row, _ in shown},
        is_new=lambda row: row.id not in seen and app_context.now() - row.received_at < NEWS,
        has_accounts=bool(shown) or bool(accounts_of(session, consumer.id)),
        is_first=before is None,
        account_id=account_id,
        asked=asked,
        older=_older(shown[-1][0].issue_date, shown[-1][0].id, account_id, asked) if len(found) > PAGE else None,
    )


def _older(day: date, bill_id: int, account_id: int | None, asked: str) -> str:
    return url_for("home.show", avant=f"{day}.{public_id(bill_id, 'bill')}", contrat=account_id, cherche=asked or None)


def _before(text: str) -> tuple[date, int] | None:
    """Read the key of the page before (`2026-11-03.4711`); None if it is missing or malformed."""
    day, _, number = text.partition(".")
    bill_id = row_of(number, "bill")
    try:
        return None if bill_id is None else (date.fromisoformat(day), bill_id)
    except ValueError:
        return None
