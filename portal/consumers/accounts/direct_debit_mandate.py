"""Routes of a direct debit mandate: the form with the mandate's words, signing it, and its revocation by who signed."""

from typing import Final

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bill import PostalAddress
from consumers.direct_debit_mandate import (
    LONGEST_NAME,
    Creditor,
    Signature,
    revoke_mandate,
    sign_mandate,
)  # fmt: skip
from consumers.mandate_endings import is_over
from consumers.mandate_wording import mandate_text, mandate_version
from issuers.registry import profile_of
from portal import app_context
from portal.access import current_user
from portal.form_input import form_value
from portal.presenters.amounts_and_dates import address
from portal.translation import language, say
from store.accounts.consumer import Consumer, accounts_of
from store.accounts.customer_account import CustomerAccount
from store.issuer import Issuer
from store.payments.debit_mandate import mandates_in_force
from words.catalogue import N_

pages = Blueprint("mandate", __name__)

_WRONG: Final = {
    "iban": ("iban", N_("Ce n’est pas l’IBAN d’un compte que SEPA atteint. Recopiez-le de votre relevé.")),
    "name": ("holder", N_("Écrivez le nom du titulaire du compte.")),
    "signature": ("signature", N_("Écrivez votre nom pour signer.")),
    "box": ("agreed", N_("Cochez la case pour signer.")),
}
_SAID: Final = {
    "signed": N_("C’est signé. Une copie de votre mandat arrive par courriel."),
    "open": N_("Un mandat est déjà signé pour ce contrat."),
    "over": N_("Un mandat ne peut pas être signé pour ce contrat."),
}


@pages.get("/contrats/<row(account):account_id>/prelevement")
def show(account_id: int) -> ResponseReturnValue:
    """The mandate that is in force, else the form of a new one."""
    return _page(account_id, {})


@pages.post("/contrats/<row(account):account_id>/prelevement")
def sign(account_id: int) -> ResponseReturnValue:
    account, _, creditor = _mine(account_id)
    cookie = request.cookies.get(current_app.config["SESSION_COOKIE_NAME"], "")
    signature = Signature(
        form_value("iban", 60), form_value("holder", LONGEST_NAME), form_value("signature", 200),
        request.form.get("agreed") == "1", language(), cookie,
    )  # fmt: skip
    store = app_context.store()
    with store.writing() as session:
        me = current_user.consumer_id()
        done = sign_mandate(
            session, store.encryptor, account, me, creditor, signature, app_context.today(), app_context.now()
        )
    store.wake_up.send()
    if done in _WRONG:
        field, words = _WRONG[done]
        return _page(account_id, {field: say(words)}), 422
    if done in _SAID:
        flash(say(_SAID[done]), "good" if done == "signed" else "ask")
    return redirect(url_for(".show", account_id=account_id), 303)


@pages.post("/contrats/<row(account):account_id>/prelevement/retrait")
def revoke(account_id: int) -> ResponseReturnValue:
    account, _, _ = _mine(account_id)
    with app_context.store().writing() as session:
        done = revoke_mandate(session, account, current_user.consumer_id(), app_context.now())
    app_context.store().wake_up.send()
    if done:
        flash(say("Votre mandat est révoqué. L’émetteur en est prévenu."), "good")
    return redirect(url_for("accounts.show"), 303)


def _page(account_id: int, errors: dict[str, str]) -> str:
    account, issuer, creditor = _mine(account_id)
    session = app_context.reading()
    mandate = mandates_in_force(session, [account_id]).get(account_id)
    me = current_user.consumer_id()
    return render_template(
        "consumers/accounts/direct_debit_mandate.html",
        account=account,
        issuer=issuer,
        creditor=creditor,
        mandate=mandate,
        signer=session.get(Consumer, mandate.consumer_id) if mandate and mandate.consumer_id != me else None,
        is_over=is_over(session, account, app_context.today()),
        typed=request.form,
        words=mandate_text(
            mandate.wording if mandate else mandate_version(creditor.agreed_days), issuer.name, language()
        ),
        errors=errors,
    )


def _mine(account_id: int) -> tuple[CustomerAccount, Issuer, Creditor]:
    """Returns the account, its issuer and who the issuer is as a creditor; aborts with 404 if this consumer does not
    hold the account, or its issuer takes no mandates."""
    session = app_context.reading()
    account = {each.id: each for each in accounts_of(session, current_user.consumer_id())}.get(account_id) or abort(404)
    issuer = session.get_one(Issuer, account.issuer_id)
    profile = profile_of(issuer)
    terms, sender = profile.direct_debit or abort(404), profile.sender
    where = PostalAddress(line1=sender.line1, line2=sender.line2, postcode=sender.postcode, city=sender.city)
    named = ", ".join(filter(None, (issuer.name, address(where))))
    return account, issuer, Creditor(terms.creditor_id, named, terms.agreed_prenotification_days)
