"""Paying a bill on line: the consumer is led to the issuer's payment page, and comes back to see what became of it."""

from typing import Final

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from payments.amounts_due import amount_due_of
from payments.online.order_payment import VALID, link_of_order, order_payment
from portal import app_context
from portal.access import current_user
from portal.translation import language
from store.bills.bill import BillRow
from store.bills.bills_of_consumer import bill_of_consumer
from store.issuer import Issuer
from store.payments.payment_order import order_of_consumer
from store.payments.payment_provider import provider_of

pages: Final = Blueprint("pay_online", __name__)


@pages.post("/factures/<uid>/payer")
def begin(uid: str) -> ResponseReturnValue:
    """Begin a payment of what is due next, and show the way to the issuer's payment page."""
    consumer_id = current_user.consumer_id()
    found = bill_of_consumer(app_context.reading(), consumer_id, uid)
    provider = provider_of(app_context.reading(), found[0].issuer_id) if found else None
    if found is None or provider is None:
        abort(404)
    with app_context.store().writing() as session:
        row = session.get_one(BillRow, found[0].id)
        order = order_payment(
            session, row, amount_due_of(session, row, app_context.today()), consumer_id, app_context.now()
        )
    if order is None:
        return redirect(url_for("bill.show", uid=uid), 303)
    store = app_context.store()
    link = link_of_order(
        order, row.number, provider, store.encryptor, store.public_ids, f"{app_context.config().public_url}/paiements/",
        language(),
    )  # fmt: skip
    return render_template(
        "consumers/paying/pay_online.html", row=row, issuer=found[1], order=order, link=link, valid=VALID
    )


@pages.get("/paiements/<row(payment_order):order_id>")
def show(order_id: int) -> ResponseReturnValue:
    """What became of a payment; one that was received leads back to its bill."""
    session = app_context.reading()
    order = order_of_consumer(session, current_user.consumer_id(), order_id)
    if order is None:
        abort(404)
    row = session.get_one(BillRow, order.bill_id)
    found = bill_of_consumer(session, current_user.consumer_id(), row.uid)
    if found is None:
        abort(404)
    if order.state == "paid":
        return redirect(url_for("bill.show", uid=row.uid), 303)
    issuer = session.get_one(Issuer, order.issuer_id)
    return render_template(
        "consumers/paying/payment_order.html",
        row=row,
        issuer=issuer,
        order=order,
        again=url_for(".show", order_id=order_id),
        back=url_for("bill.show", uid=row.uid),
    )
