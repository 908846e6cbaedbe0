"""Routes of a one-bill link: its first page with one button, the bill, its PDF.

Programs follow links, so that opening one changes nothing and shows who sent the bill, no more. Pressing the button
admits the device, and counts as seen, unless somebody who works here pressed it.
"""

from typing import Final

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consumers.admit_device import admit_device
from consumers.one_bill_access import LinkedBill, linked_bill
from consumers.one_bill_link import delivery_of_token
from delivery.feedback.views_bounces_returns import bill_looked_at
from delivery.feedback.what_counts_as_seen import Look
from payments.amounts_due import amount_due_of, amounts_due
from portal import app_context
from portal.access.content_security_policy import form_leads_to
from portal.consumers.one_bill.device_cookie import keep_secret, new_secret
from portal.consumers.one_bill.open_link import (
    closed_page,
    is_read_by_staff,
    is_seen_here,
    keep_out_of_indexes,
    open_link,
    reader,
)
from portal.consumers.presenters.bill_page.bill_content import bill_content
from portal.presenters.amounts_and_dates import local
from portal.presenters.credit_links import is_deducted, numbers_of
from portal.presenters.file_download import download
from store.bills.bill_lookup import bill_of_delivery, bills_by_number
from store.bills.bills_of_consumer import bill_of_consumer
from store.payments.payment_provider import provider_of

pages: Final = Blueprint("one_bill", __name__)
keep_out_of_indexes(pages)


@pages.get("/f/")
def show_nothing() -> ResponseReturnValue:
    """Shown when a program cut the token off the link."""
    return closed_page()


@pages.get("/f/<token>")
def show(token: str) -> ResponseReturnValue:
    """Shows the bill on a device that was admitted, else the first page. Who has signed in and holds the account goes
    to the bill in their space, whatever became of the link."""
    if (way := _way_of_holder(token)) is not None:
        return redirect(way, 303)
    linked = open_link(token)
    if linked is None:
        return closed_page()
    if not is_seen_here(linked):
        return render_template("consumers/one_bill/first_page.html", token=token, issuer=linked.issuer)
    return _bill_page(token, linked)


@pages.post("/f/<token>")
def look(token: str) -> ResponseReturnValue:
    """Admit this device and record the look; pressing the button twice is as once."""
    linked = open_link(token)
    if linked is None:
        return closed_page()
    onwards = redirect(url_for(".show", token=token), 303)
    if is_seen_here(linked):
        return onwards
    secret, now = new_secret(), app_context.now()
    with app_context.store().writing() as session:
        here = linked_bill(session, app_context.store().keys, token, now)
        if here is None or not admit_device(session, here, secret, now):
            return closed_page()
        seen = Look("staff" if is_read_by_staff() else "one_bill_link", here.delivery.person_id, here.delivery.id)
        bill_looked_at(session, here.bill, seen, now, app_context.calendar())
    return keep_secret(make_response(onwards), token, secret, linked.until)


@pages.get("/f/<token>/pdf")
def pdf(token: str) -> ResponseReturnValue:
    """Returns the archived PDF, bit for bit; a device that was not admitted is led to the first page."""
    linked = open_link(token)
    if linked is None:
        return closed_page()
    if not is_seen_here(linked):
        return redirect(url_for(".show", token=token), 303)
    content = app_context.store().archive(app_context.reading()).pdf(linked.bill)
    name = f"{linked.issuer.name} {linked.bill.issue_date} {linked.bill.number}.pdf"
    return download(content, name, "application/pdf")


def _bill_page(token: str, linked: LinkedBill) -> ResponseReturnValue:
    session, row, today = app_context.reading(), linked.bill, app_context.today()
    due = amount_due_of(session, row, today)
    provider = provider_of(session, linked.issuer.id)
    others = bills_by_number(session, linked.issuer.id, numbers_of(due, row.bill)).values()
    page = make_response(
        render_template(
            "consumers/one_bill/bill.html",
            **bill_content(session, row, linked.issuer, due, today, request.args.get("lignes", "")),
            token=token,
            is_guest=True,
            is_deducted=is_deducted(row.number, amounts_due(session, others, today).values()),
            may_claim=linked.is_claimable,
            until=local(linked.until).date(),
        )
    )
    if provider is not None:
        form_leads_to(provider.page_url)
    return page


def _way_of_holder(token: str) -> str | None:
    """Returns the address of the bill in the space of whoever has signed in, if they hold its account."""
    me = reader()
    if me is None:
        return None
    session = app_context.reading()
    row = bill_of_delivery(session, delivery_of_token(app_context.store().keys, token))
    if row is None or bill_of_consumer(session, me.id, row.uid) is None:
        return None
    return url_for("bill.show", uid=row.uid)
