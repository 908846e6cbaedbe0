"""Paying a bill as a guest: from the page of its one-bill link straight to the issuer's payment page, and back."""

from typing import Final

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from payments.amounts_due import amount_due_of
from payments.online.order_payment import link_of_order, order_payment
from portal import app_context
from portal.consumers.one_bill.open_link import admitted_bill, closed_page, keep_out_of_indexes
from portal.translation import language
from store.bills.bill import BillRow
from store.payments.payment_order import order_of_guest
from store.payments.payment_provider import provider_of

pages: Final = Blueprint("guest_payment", __name__)
keep_out_of_indexes(pages)


@pages.post("/f/<token>/payer")
def begin(token: str) -> ResponseReturnValue:
    """Begin a payment of what is due next, and go to the issuer's payment page."""
    linked = admitted_bill(token)
    if linked is None:
        return closed_page()
    provider = provider_of(app_context.reading(), linked.issuer.id)
    order = None
    if provider is not None:
        with app_context.store().writing() as session:
            row = session.get_one(BillRow, linked.bill.id)
            due = amount_due_of(session, row, app_context.today())
            order = order_payment(session, row, due, None, app_context.now())
    if provider is None or order is None:
        return redirect(url_for("one_bill.show", token=token), 303)
    store, here = app_context.store(), f"{app_context.config().public_url}/f/{token}/paiements/"
    link = link_of_order(order, linked.bill.number, provider, store.encryptor, store.public_ids, here, language())
    return redirect(link, 303)


@pages.get("/f/<token>/paiements/<row(payment_order):order_id>")
def show(token: str, order_id: int) -> ResponseReturnValue:
    """What became of a guest's payment; one that was received leads back to its bill."""
    linked = admitted_bill(token)
    order = order_of_guest(app_context.reading(), linked.bill.id, order_id) if linked is not None else None
    if linked is None or order is None:
        return closed_page()
    if order.state == "paid":
        return redirect(url_for("one_bill.show", token=token), 303)
    return render_template(
        "consumers/payment_order.html",
        row=linked.bill,
        issuer=linked.issuer,
        order=order,
        again=url_for(".show", token=token, order_id=order_id),
        back=url_for("one_bill.show", token=token),
        claim=url_for("claim_from_bill.show", token=token) if linked.is_claimable else None,
    )
