"""Routes of a consumer's accounts ("contrats"): list, claim, leave, paperless on and off."""

from collections.abc import Sequence
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from consumers.account_claim import ClaimRefused, claim_account
from consumers.claim_code import read_code
from consumers.confirm_holder import accounts_to_confirm
from consumers.join_request import ask_to_join
from consumers.leave_account import leave_account as give_up
from consumers.paperless_consent import PAPERLESS, go_paperless
from delivery.notices.notice_preference import preferences_of
from delivery.paper_again_deadline import promised_day
from delivery.return_to_paper import post_unread_bills, return_to_paper
from issuers.registry import profile_of
from portal import app_context
from portal.access import current_user
from portal.consumers.accounts import account_holders, contract_offers
from portal.consumers.accounts.claim_answer import ASKED, held_contract, linked_answer, refusal
from portal.consumers.presenters.notice_choice import choice_in_words
from portal.form_input import form_value, one_line
from portal.presenters.labelled_account_number import account_number_name
from portal.translation import language, say
from store.accounts.consumer import Consumer, accounts_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.withdrawal import withdrawals_of
from store.heirs.heir import inherited_since, open_heir
from store.issuer import all_issuers, issuer_by_slug, issuers_by_id
from store.payments.debit_mandate import mandates_in_force
from words.catalogue import N_
from words.written_dates import written_date

pages = Blueprint("accounts", __name__)

LONGEST_NUMBER: Final = 200
LONGEST_CODE: Final = 40
_ON_PAPER: Final = N_(
    "C’est fait : les factures de ce contrat viendront par la poste, gratuitement, dès la prochaine et au plus tard"
    " le {day}. Celles que personne n’a vues partent aussi."
)


@pages.get("/contrats")
def show() -> ResponseReturnValue:
    session = app_context.reading()
    me = current_user.consumer_id()
    accounts = accounts_of(session, me)
    issuers = issuers_by_id(session, {account.issuer_id for account in accounts})
    chosen = preferences_of(session, {(me, account.id) for account in accounts})
    return render_template(
        "consumers/accounts/accounts.html",
        accounts=[(each, issuers[each.issuer_id]) for each in accounts],
        offers=contract_offers.offered(),
        shared=account_holders.shared(session, me, accounts),
        suspended=account_holders.suspended(session, me),
        debited={each.id for each in issuers.values() if profile_of(each).direct_debit},
        inherited=inherited_since(session, me),
        to_confirm=accounts_to_confirm(session, current_user.consumer(), accounts),
        mandates=mandates_in_force(session, [account.id for account in accounts]),
        promised=_promised(session, accounts),
        notices={account_id: choice_in_words(each) for (_, account_id), each in chosen.items()},
    )


def _promised(session: Session, accounts: Sequence[CustomerAccount]) -> dict[int, str]:
    """Returns the day by which paper was promised again, by account id, for as long as it is to come."""
    asked = withdrawals_of(session, [account.id for account in accounts])
    days = {
        account.id: promised_day(session, account, asked[account.id], app_context.calendar())
        for account in accounts
        if account.id in asked
    }
    today = app_context.today()
    return {account_id: written_date(by, language()) for account_id, by in days.items() if by >= today}


@pages.get("/c/")
def type_code() -> ResponseReturnValue:
    """Shown for a claim address without its code: the code is typed by hand."""
    code = one_line(request.args.get("code", ""), LONGEST_CODE)
    return (
        redirect(url_for("accounts.by_code", code=code), 303)
        if code
        else render_template("consumers/accounts/claim_by_code.html", code="")
    )


@pages.get("/c/<code>")
def by_code(code: str) -> ResponseReturnValue:
    """Opens the address printed with the claim code; new visitors sign up first. Says only whether the code is
    complete, never whether it was printed."""
    whole = read_code(code)
    if whole is None:
        return render_template("consumers/accounts/claim_by_code.html", code=one_line(code, LONGEST_CODE)), 404
    onwards = url_for("accounts.add", code=whole)
    known = current_user.signed_in_user()
    is_consumer = known is not None and known.consumer is not None
    return redirect(onwards if is_consumer else url_for("sign_up.show", suite=onwards), 303)


@pages.get("/contrats/ajouter")
def add() -> ResponseReturnValue:
    """Shows the claim form: first the issuer, then account number (named as on its bills) and code."""
    return _form(one_line(request.args.get("issuer", "")), "", one_line(request.args.get("code", ""), LONGEST_CODE))


@pages.post("/contrats/ajouter")
def link() -> ResponseReturnValue:
    chosen, number, code = form_value("issuer"), form_value("number", LONGEST_NUMBER), form_value("code", LONGEST_CODE)
    issuer = issuer_by_slug(app_context.reading(), chosen)
    if issuer is None:
        return _form("", number, code, {"issuer": say("Choisissez qui vous envoie la facture.")}, 422)
    if not code:
        return _form(chosen, number, code, {"code": say("Recopiez le code imprimé sur la facture papier.")}, 422)
    with app_context.store().writing() as session:
        consumer = session.get_one(Consumer, current_user.consumer_id())
        answer = claim_account(session, consumer, issuer.id, number, code, app_context.now())
        is_asking = isinstance(answer, ClaimRefused) and answer.held_id is not None and form_value("ask") == "1"
        if isinstance(answer, ClaimRefused) and answer.held_id is not None and is_asking:
            ask_to_join(session, answer.held_id, consumer, app_context.now())
    app_context.store().wake_up.send()
    if is_asking:
        flash(say(ASKED), "good")
        return redirect(url_for("accounts.show"), 303)
    if isinstance(answer, ClaimRefused):
        return _form(chosen, number, code, refusal(answer), 422, may_ask=answer.held_id is not None)
    return linked_answer(answer)


@pages.get("/contrats/<row(account):account_id>/sans-papier")
def offer(account_id: int) -> ResponseReturnValue:
    """Shows the wording of the consent to electronic bills, exactly as it is accepted."""
    account, issuer = held_contract(account_id)
    if account.standing == "provisional":
        return _not_yet()
    if open_heir(app_context.reading(), account_id, current_user.consumer_id()):
        return _as_heir()
    return render_template(
        "consumers/accounts/paperless.html", account=account, issuer=issuer, words=PAPERLESS.words(language())
    )


@pages.post("/contrats/<row(account):account_id>/sans-papier")
def paperless(account_id: int) -> ResponseReturnValue:
    account, _ = held_contract(account_id)
    if account.standing == "provisional":
        return _not_yet()
    if open_heir(app_context.reading(), account_id, current_user.consumer_id()):
        return _as_heir()
    with app_context.store().writing() as session:
        go_paperless(session, session.get_one(CustomerAccount, account_id), current_user.consumer(), app_context.now())
    app_context.store().wake_up.send()
    flash(say("C’est fait : ce contrat est sans papier, dès la prochaine facture."), "good")
    return redirect(url_for("accounts.show"), 303)


def _as_heir() -> ResponseReturnValue:
    """Refuse an heir to go paperless."""
    flash(
        say("Vous suivez ce contrat comme héritier : le sans papier ne s’y choisit pas."),
        "ask",
    )
    return redirect(url_for("accounts.show"), 303)


def _not_yet() -> ResponseReturnValue:
    """Refuse to go paperless while an account question is open."""
    flash(say("L’émetteur vérifie à qui est ce numéro de contrat : le papier ne peut pas encore être arrêté."), "ask")
    return redirect(url_for("accounts.show"), 303)


@pages.post("/contrats/<row(account):account_id>/papier")
def paper(account_id: int) -> ResponseReturnValue:
    held_contract(account_id)
    with app_context.store().writing() as session:
        account = session.get_one(CustomerAccount, account_id)
        by = return_to_paper(session, account, current_user.consumer(), app_context.now(), app_context.calendar())
    app_context.store().wake_up.send()
    if by is not None:
        flash(say(_ON_PAPER, day=written_date(by, language())), "good")
    return redirect(url_for("accounts.show"), 303)


@pages.get("/contrats/<row(account):account_id>/quitter")
def ask_to_leave(account_id: int) -> ResponseReturnValue:
    account, issuer = held_contract(account_id)
    mandate = mandates_in_force(app_context.reading(), [account_id]).get(account_id)
    return render_template(
        "consumers/accounts/leave_account.html",
        account=account,
        issuer=issuer,
        has_mandate=mandate is not None and mandate.consumer_id == current_user.consumer_id(),
    )


@pages.post("/contrats/<row(account):account_id>/quitter")
def leave(account_id: int) -> ResponseReturnValue:
    held_contract(account_id)
    with app_context.store().writing() as session:
        account = session.get_one(CustomerAccount, account_id)
        give_up(session, account, current_user.consumer(), app_context.now())
        if not account.paperless:
            post_unread_bills(session, account_id, app_context.now())
    app_context.store().wake_up.send()
    flash(say("Le contrat n’est plus dans votre espace. Ses factures viendront par la poste."), "")
    return redirect(url_for("accounts.show"), 303)


def _form(
    issuer: str,
    number: str,
    code: str,
    errors: dict[str, str] | None = None,
    status: int = 200,
    *,
    may_ask: bool = False,
) -> ResponseReturnValue:
    errors, known = errors or {}, all_issuers(app_context.reading())
    chosen = next((each for each in known if each.slug == issuer), None)
    if chosen is None:
        issuers = [(each.slug, each.name) for each in known]
        return render_template(
            "consumers/accounts/claim_account_issuer.html",
            issuers=issuers,
            code=code,
            errors=errors,
            offers=contract_offers.offered(),
        ), status
    said = {"number": number, "code": code, "errors": errors, "may_ask": may_ask}
    return render_template(
        "consumers/accounts/claim_account.html", issuer=chosen, asked=account_number_name(chosen), **said
    ), status
