"""What is answered to somebody who links a contract: why not, or that it is theirs now, and what comes next."""

from typing import Final

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from consumers.account_claim import Claimed, ClaimRefused
from portal import app_context
from portal.access import current_user
from portal.presenters.amounts_and_dates import moment
from portal.translation import say
from store.accounts.consumer import accounts_of
from store.accounts.customer_account import CustomerAccount
from store.issuer import Issuer
from words.catalogue import N_

_WRONG: Final = N_(
    "Ce numéro et ce code ne vont pas ensemble. Vérifiez-les sur votre dernière facture papier :"
    " le code change à chaque lettre."
)
_STALE: Final = N_(
    "Quelqu’un a ajouté ce contrat depuis que cette lettre est imprimée : son code ne l’ouvre plus. La prochaine"
    " facture sur papier en porte un nouveau. Vous pouvez aussi demander à la personne qui le suit."
)
ASKED: Final = N_(
    "Votre demande est partie : la personne qui suit ce contrat peut l’accepter. Vous en êtes prévenu ici et par"
    " courriel."
)
_SUSPENDED: Final = N_(
    "Votre accès à ce contrat est suspendu : aucun code ne l’ouvre. À la page « Vos contrats », demandez à l’émetteur"
    " de décider."
)
_REFUSED: Final = {"wrong": _WRONG, "stale": _STALE, "suspended": _SUSPENDED}
_TOLD: Final = N_(
    "{n} autre personne le suit déjà ; elle en est prévenue.|{n} autres personnes le suivent déjà ; elles en sont"
    " prévenues."
)


def refusal(answer: ClaimRefused) -> dict[str, str]:
    """Returns why a claim was refused, as the error of its form."""
    if answer.until is not None:
        return {"form": say("Trop d’essais. Vous pourrez réessayer à partir du {when}.", when=moment(answer.until))}
    return {"form": say(_REFUSED[answer.reason])}


def linked_answer(answer: Claimed) -> ResponseReturnValue:
    """Say that the account is claimed, and go on to bills without paper."""
    if not answer.is_new:
        flash(say("Ce contrat est déjà dans votre espace."))
        return redirect(url_for("accounts.show"), 303)
    flash(say("Le contrat est ajouté, ses factures sont dans votre espace."), "good")
    if answer.others:
        flash(say(_TOLD, n=answer.others))
    account, _ = held_contract(answer.account_id)
    return redirect(url_for("accounts.show") if account.paperless or account.standing == "provisional" else
                    url_for("accounts.offer", account_id=account.id), 303)  # fmt: skip


def held_contract(account_id: int) -> tuple[CustomerAccount, Issuer]:
    """Returns the account and its issuer if this consumer holds it; else aborts with 404."""
    with app_context.store().reading() as session:  # a look of its own: the account may have been linked a moment ago
        held = {account.id: account for account in accounts_of(session, current_user.consumer_id())}
        account = held.get(account_id) or abort(404)
        return account, session.get_one(Issuer, account.issuer_id)
