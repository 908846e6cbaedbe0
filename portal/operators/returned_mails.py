"""The operators' page of messages that came back of e-mails and changed nothing: somebody reads them in the mailbox."""

from datetime import timedelta
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access import current_user
from portal.public_id_converter import row_of
from store.bills.bill_lookup import bills_of_deliveries
from store.heard_mail import count_mails_to_read, latest_kinds, mails_to_read, see_to_mails
from words import state_names

pages = Blueprint("returned_mails", __name__, url_prefix="/equipe/courriels-revenus")

A_PAGE: Final = 50
#: What was heard is counted for so long.
LATELY: Final = timedelta(days=7)


@pages.get("")
def show() -> ResponseReturnValue:
    """The oldest messages that nobody has seen to, with the bills that they came back of; and how many came lately."""
    session = app_context.reading()
    mails = mails_to_read(session, A_PAGE)
    return render_template(
        "operators/returned_mails.html",
        mails=mails,
        waiting=count_mails_to_read(session),
        lately=latest_kinds(session, app_context.now() - LATELY),
        bills=bills_of_deliveries(session, [each.delivery_id for each in mails if each.delivery_id is not None]),
        wording=state_names,
    )


@pages.post("")
def see_to() -> ResponseReturnValue:
    """Take the messages up to the last one shown off the page."""
    last = row_of(request.form.get("jusque", ""), "cursor")
    if last is None:
        abort(400)
    with app_context.store().writing() as session:
        see_to_mails(session, last, current_user.staff().email)
    return redirect(url_for(".show"), 303)
