"""Paying a bill as a guest: from the page of its one-bill link straight to the issuer's payment page, and back.

The way back bears the order and not the link: the provider has no use for it. Which link it was, the browser's session
knows.
"""

from typing import Final

from flask import Blueprint, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from consumers.one_bill_access import LinkedBill
from payments.amounts_due import amount_due_of
from payments.online.order_payment import link_of_order, order_payment
from portal import app_context
from portal.consumers.one_bill.open_link import admitted_bill, closed_page, keep_out_of_indexes
from portal.translation import language
from store.bills.bill import BillRow
from store.payments.payment_order import PaymentOrder, order_of_guest
from store.payments.payment_provider import PaymentProvider, provider_of

pages: Final = Blueprint("guest_payment", __name__)
keep_out_of_indexes(pages)

#: In the session: the latest payments that this browser began as a guest, each [order id, token].
BEGUN: Final = "guest_payments"
_MOST: Final = 5


@pages.post("/f/<token>/payer")
def begin(token: str) -> ResponseReturnValue:
    """Begin a payment of what is due next, and go to the issuer's payment page."""
    linked = admitted_bill(token)
    if linked is None:
        return closed_page()
    provider = provider_of(app_context.reading(), linked.issuer.id)
    order = _order(linked) if provider is not None else None
    if provider is None or order is None:
        return redirect(url_for("one_bill.show", token=token), 303)
    session[BEGUN] = [[order.id, token], *(each for each in session.get(BEGUN, []) if each[0] != order.id)][:_MOST]
    return redirect(_way(linked, order, provider), 303)


@pages.get("/f/paiements/<row(payment_order):order_id>")
def come_back(order_id: int) -> ResponseReturnValue:
    """Lead who comes back from the payment page to what became of the payment. A bank's app may lead back into another
    browser than the one that began: there nothing is known, and nobody is to pay twice for it."""
    token = dict(session.get(BEGUN, [])).get(order_id)
    if token is None:
        return render_template("consumers/one_bill/begun_elsewhere.html"), 404
    return redirect(url_for(".show", token=token, order_id=order_id), 303)


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
        "consumers/paying/payment_order.html",
        row=linked.bill,
        issuer=linked.issuer,
        order=order,
        again=url_for(".show", token=token, order_id=order_id),
        back=url_for("one_bill.show", token=token),
        claim=url_for("claim_from_bill.show", token=token) if linked.is_claimable else None,
    )


def _order(linked: LinkedBill) -> PaymentOrder | None:
    with app_context.store().writing() as writing:
        row = writing.get_one(BillRow, linked.bill.id)
        due = amount_due_of(writing, row, app_context.today())
        return order_payment(writing, row, due, None, app_context.now())


def _way(linked: LinkedBill, order: PaymentOrder, provider: PaymentProvider) -> str:
    store, back = app_context.store(), f"{app_context.config().public_url}/f/paiements/"
    return link_of_order(order, linked.bill.number, provider, store.encryptor, store.public_ids, back, language())
