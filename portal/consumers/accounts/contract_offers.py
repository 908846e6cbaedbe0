"""Contracts that are offered by a confirmed e-mail address or phone which their issuer knows."""

from typing import NamedTuple

from flask import Blueprint, abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from consumers.known_contacts.contract_offer import ContractOffer, contracts_offered
from consumers.known_contacts.take_offer import ask_holder_of_offer, decline_offer, take_offer
from portal import app_context
from portal.access import current_user
from portal.consumers.accounts.claim_answer import ASKED, linked_answer
from portal.translation import say
from store.issuer import Issuer, issuers_by_id

pages = Blueprint("contract_offers", __name__, url_prefix="/contrats/proposes/<row(account):account_id>")


class OfferOnPage(NamedTuple):
    """An offer and the issuer who knows the visitor."""

    offer: ContractOffer
    issuer: Issuer


def offered() -> list[OfferOnPage]:
    """Returns the contracts that are offered to the visitor."""
    session = app_context.reading()
    offers = contracts_offered(session, current_user.consumer(), app_context.today())
    issuers = issuers_by_id(session, {each.account.issuer_id for each in offers}) if offers else {}
    return [OfferOnPage(each, issuers[each.account.issuer_id]) for each in offers]


@pages.post("/ajouter")
def take(account_id: int) -> ResponseReturnValue:
    """The visitor says that the contract is theirs."""
    with app_context.store().writing() as session:
        answer = take_offer(
            session, current_user.consumer_id(), account_id, app_context.today(), app_context.now()
        )  # fmt: skip
    app_context.store().wake_up.send()
    return linked_answer(answer) if answer is not None else abort(404)


@pages.post("/demander")
def ask(account_id: int) -> ResponseReturnValue:
    """The visitor asks whoever follows the contract already."""
    with app_context.store().writing() as session:
        is_asked = ask_holder_of_offer(
            session, current_user.consumer_id(), account_id, app_context.today(), app_context.now()
        )
    app_context.store().wake_up.send()
    if not is_asked:
        abort(404)
    flash(say(ASKED), "good")
    return redirect(url_for("accounts.show"), 303)


@pages.post("/refuser")
def decline(account_id: int) -> ResponseReturnValue:
    """The visitor says that the contract is not theirs."""
    with app_context.store().writing() as session:
        is_kept = decline_offer(
            session, current_user.consumer_id(), account_id, app_context.today(), app_context.now()
        )  # fmt: skip
    if not is_kept:
        abort(404)
    flash(say("C’est noté : ce contrat ne vous est plus proposé."), "good")
    return redirect(url_for("accounts.show"), 303)
