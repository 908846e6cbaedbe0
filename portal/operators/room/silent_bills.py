"""The list of silent bills, oldest first: why each has no news, and what is to be done about it. Members see theirs."""

from typing import Final, NamedTuple

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from audit.silent_bills import silent_bill_sample, silent_bills, silent_bills_after
from delivery.channels.paper.vanished_print_files import lost_letters
from portal import app_context
from portal.access import staff_scope
from portal.operators.presenters.delivery_timeline import why_silent
from portal.page_address import url_for
from portal.public_id_converter import row_of
from portal.translation import say
from store.bills.bill import BillRow
from store.delivery import Delivery, deliveries_of
from store.last_worked_as_of import business_now

pages = Blueprint("silent_bills", __name__, url_prefix="/equipe/sans-nouvelles")

A_PAGE: Final = 25


class SilentBill(NamedTuple):
    """A bill without news: why, and the next step, which stands at *url*."""

    bill: BillRow
    why: str
    step: str
    url: str


@pages.get("")
def show() -> ResponseReturnValue:
    session, issuer_id = app_context.reading(), staff_scope.issuer_id()
    after = row_of(request.args.get("suite", ""), "cursor") or 0
    moment, lost = business_now(session, app_context.now()), lost_letters(session, app_context.print_houses().outboxes)
    calendar = app_context.calendar()
    silent = silent_bills(moment, calendar, lost, issuer_id)
    found = silent_bills_after(session, silent, A_PAGE + 1, after)
    shown = found[:A_PAGE]
    return render_template(
        "operators/room/silent_bills.html",
        number=silent_bill_sample(session, moment, calendar, lost, issuer_id, 0).number,
        silent=[_silent(bill, deliveries_of(session, bill.id)) for bill in shown],
        first=url_for(".show") if after else None,
        following=url_for(".show", suite=shown[-1].id) if len(found) > A_PAGE else None,
        issuers=staff_scope.issuers(),
    )


def _silent(bill: BillRow, deliveries: list[Delivery]) -> SilentBill:
    step, url = say("Voir ce qui lui est arrivé"), url_for("bill_trace.show", bill_id=bill.id)
    if bill.state == "failed":
        step, url = say("La reprendre"), url_for("waiting.show", _anchor="factures")
    elif any(each.channel == "paper" and each.state == "failed" and not each.decided_by for each in deliveries):
        step, url = say("Décider de sa lettre"), url_for("waiting.show", _anchor="lettres")
    return SilentBill(bill, why_silent(bill, deliveries), step, url)
