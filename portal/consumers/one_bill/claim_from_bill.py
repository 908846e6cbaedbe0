"""Claiming an account from the page of a bill: issuer, number and code are those of the letter."""

from typing import Final

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consumers.account_claim import ClaimRefused
from consumers.claim_by_link import claim_by_link
from consumers.claim_code import letter_code
from consumers.one_bill_access import LinkedBill
from portal import app_context
from portal.consumers.accounts.claim_answer import linked_answer, refusal
from portal.consumers.one_bill.open_link import admitted_bill, closed_page, keep_out_of_indexes, reader
from portal.presenters.labelled_account_number import account_number_name
from store.accounts.consumer import Consumer

pages: Final = Blueprint("claim_from_bill", __name__)
keep_out_of_indexes(pages)


@pages.get("/f/<token>/suivre")
def show(token: str) -> ResponseReturnValue:
    """Shows what is about to be claimed; new visitors sign up first, and a device that was not admitted presses the
    first page's button."""
    linked = admitted_bill(token)
    if linked is None or not linked.is_claimable:
        return redirect(url_for("one_bill.show", token=token), 303)
    if reader() is None:
        return redirect(url_for("sign_up.show", suite=url_for(".show", token=token)), 303)
    return _form(token, linked)


@pages.post("/f/<token>/suivre")
def claim(token: str) -> ResponseReturnValue:
    """Claim the account of the letter that carried the link."""
    linked, me = admitted_bill(token), reader()
    if linked is None or not linked.is_claimable:
        return closed_page()
    if me is None:
        return redirect(url_for("sign_up.show", suite=url_for(".show", token=token)), 303)
    with app_context.store().writing() as session:
        consumer = session.get_one(Consumer, me.id)
        answer = claim_by_link(session, app_context.store().keys, consumer, linked, app_context.now())
    app_context.store().wake_up.send()
    if isinstance(answer, ClaimRefused):
        return _form(token, linked, refusal(answer)["form"]), 422
    return linked_answer(answer)


def _form(token: str, linked: LinkedBill, error: str = "") -> str:
    return render_template(
        "consumers/one_bill/claim.html",
        token=token,
        issuer=linked.issuer,
        asked=account_number_name(linked.issuer),
        number=linked.account.asked_number,
        code=letter_code(app_context.store().keys, linked.delivery),
        error=error,
    )
