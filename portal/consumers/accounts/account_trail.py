"""The history of a contract: how its bills come, why, and every consent and notice, with the texts that were shown."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from delivery.relationship.account_relationships import relationships_of
from delivery.relationship.account_trail import step_text, trail_of, wordings_in
from portal import app_context
from portal.access import current_user
from portal.translation import language
from store.accounts.consumer import accounts_of
from store.accounts.shown_wording import wordings_of
from store.issuer import Issuer
from words import state_names

pages = Blueprint("account_trail", __name__)


@pages.get("/contrats/<row(account):account_id>/historique")
def show(account_id: int) -> ResponseReturnValue:
    session, me = app_context.reading(), current_user.consumer_id()
    account = next((each for each in accounts_of(session, me) if each.id == account_id), None) or abort(404)
    relationship = relationships_of(session, [account_id], app_context.now(), app_context.calendar())[account_id]
    steps = trail_of(session, account_id)
    name, tone = state_names.RELATIONSHIP[relationship.state]
    return render_template(
        "consumers/accounts/account_trail.html",
        account=account,
        issuer=session.get_one(Issuer, account.issuer_id),
        state=name,
        tone=tone,
        why=relationship.why,
        steps=[(each, step_text(each, language(), me)) for each in steps],
        texts=wordings_of(session, wordings_in(steps), language()),
    )
