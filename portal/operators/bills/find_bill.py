"""The search on every staff page: one field for a part of a number, a name, a contract, an amount or an e-mail address;
what is found is listed by what it was found by. And the bills of one account."""

from collections.abc import Sequence
from typing import Final

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access import staff_scope
from portal.form_input import one_line
from portal.operators.bills.bill_trace import items_under, pages
from portal.operators.bills.found_by import KINDS, Found, StaffSearch, found_by
from portal.operators.presenters.delivery_timeline import short_status
from portal.public_id_converter import row_of
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.bill_lookup import bills_under_number
from store.staff_search.found_bills import bills_by_account
from store.staff_search.part_index import SHORTEST
from words import state_names

#: So much of each kind is shown beside the others, and so much on a page of its own.
A_FEW: Final = 6
A_PAGE: Final = 25
LONGEST: Final = 200


@pages.get("")
def search() -> ResponseReturnValue:
    """*q* is what was typed, *par* one kind of match alone, *suite* where its page goes on; *numero* is a whole number,
    as links name it. What finds one bill and nothing else leads there."""
    number, typed = (one_line(request.args.get(name, ""), LONGEST) for name in ("numero", "q"))
    said, kind = number or typed, request.args.get("par", "")
    kind = kind if kind in KINDS else ""
    before = row_of(request.args.get("suite", ""), "cursor")
    found = _under(number) if number else _found(said, kind, before) if said else []
    if (only := _only_bill(found)) is not None and not kind:
        return redirect(url_for(".show", bill_id=only.id), 303)
    has_numbers = any(each.kind == "numero" for each in found)
    return render_template(
        "operators/bills/find_bill.html",
        said=said,
        found=found,
        kind=kind,
        kinds=KINDS,
        is_further=before is not None,
        is_short=len(said.replace(" ", "")) < SHORTEST,
        items=items_under(app_context.reading(), said) if said and not (has_numbers or kind) else [],
        issuers=staff_scope.issuers(),
        short_status=short_status,
        wording=state_names,
    )


@pages.get("/compte/<row(account):account_id>")
def of_account(account_id: int) -> ResponseReturnValue:
    """The bills of one account, page by page."""
    session, issuers = app_context.reading(), staff_scope.issuers()
    account, before = session.get(CustomerAccount, account_id), row_of(request.args.get("suite", ""), "cursor")
    if account is None or account.issuer_id not in issuers:
        abort(404)
    bills = bills_by_account(session, account.id, A_PAGE + 1, before)
    shown = bills[:A_PAGE]
    following = shown[-1].id if len(bills) > A_PAGE else None
    return render_template(
        "operators/bills/bills_of_account.html",
        account=account,
        bills=shown,
        first=url_for(".of_account", account_id=account.id) if before else None,
        following=following and url_for(".of_account", account_id=account.id, suite=following),
        issuers=issuers,
        short_status=short_status,
    )


def _under(number: str) -> list[Found]:
    """The bills under exactly this number."""
    bills = bills_under_number(app_context.reading(), staff_scope.issuers(), number)
    return [Found("numero", bills)] if bills else []


def _found(said: str, kind: str, before: int | None) -> list[Found]:
    """What is found, by all kinds of match or by one of them."""
    session, scope = app_context.reading(), staff_scope.issuer_id()
    asked = StaffSearch(
        said, list(staff_scope.issuers()), scope is None, A_PAGE if kind else A_FEW, before if kind else None
    )
    found = [found_by(session, each, asked) for each in ([kind] if kind else KINDS)]
    return [each for each in found if not each.is_nothing]


def _only_bill(found: Sequence[Found]) -> BillRow | None:
    """The one bill that was found; None if there are others, or accounts."""
    bills = [bill for each in found for bill in each.bills]
    is_all = not any(each.accounts or each.following for each in found)
    return bills[0] if len(bills) == 1 and is_all else None
