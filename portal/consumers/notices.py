"""Notices to a consumer of what other holders or the issuer did to an account, shown until dismissed."""

from typing import Final, NamedTuple, cast

from flask import Blueprint, abort, g, redirect, url_for
from flask.typing import ResponseReturnValue

from portal import app_context
from portal.access import current_user
from portal.form_input import going
from portal.presenters.amounts_and_dates import day_of
from portal.presenters.labelled_account_number import numbered_within
from portal.translation import say
from store.accounts.contract_notices import ContractNotices, contract_notices
from store.accounts.customer_account import CustomerAccount
from store.accounts.joint_holder_notice import HolderNotice, dismiss_notice, unseen_notices
from store.issuer import Issuer
from words.catalogue import N_

pages = Blueprint("notices", __name__)

_JOINED: Final = N_(
    "{name} a ajouté ce contrat à son espace {when}, avec le code d’une lettre. Vous connaissez cette personne ? Il "
    "n’y a rien à faire. Sinon, suspendez son accès."
)
_PAPERLESS: Final = N_(
    "{name} a choisi {when} de recevoir sans papier les factures de ce contrat. Vous pouvez revenir au papier à tout "
    "moment, gratuitement."
)
_ASKS: Final = N_(
    "{name} demande {when} à suivre ce contrat avec vous : cette personne a une ancienne lettre, ou {issuer} connaît "
    "son adresse. Si vous ne la connaissez pas, ne faites rien : elle ne voit rien."
)
_REMOVED: Final = N_(
    "{issuer} a décidé {when} que ce contrat n’est plus dans votre espace. Une question ? Adressez-vous à {issuer}."
)
_MOVED: Final = N_(
    "{name} a donné {when} une nouvelle adresse pour les lettres de ce contrat. Ce n’est pas la vôtre ? Dites-le à "
    "{issuer}, ou suspendez son accès."
)
_SENTENCES: Final = {
    "joined": _JOINED,
    "paperless": _PAPERLESS,
    "paper": N_("{name} a demandé {when} que les factures de ce contrat viennent de nouveau par la poste."),
    "asks": _ASKS,
    "welcomed": N_("{name} a accepté {when} que vous suiviez ce contrat."),
    "lifted": N_("{name} a rétabli votre accès à ce contrat {when}."),
    "restored": N_("{issuer} a rétabli votre accès à ce contrat {when}."),
    "kept": N_("{issuer} a décidé {when} que {name} suit aussi ce contrat."),
    "removed": _REMOVED,
    "heir": N_(
        "Vous êtes inscrit {when} comme héritier de {name} : vous lisez les factures de ce contrat et pouvez régler ce "
        "qui reste dû."
    ),
    "heir_joins": N_("{name} est inscrit {when} comme héritier pour ce contrat, sur un document."),
    "heir_ended": N_("Votre accès à ce contrat comme héritier de {name} a pris fin {when}."),
    "moved": _MOVED,
}
_ASKING: Final = frozenset({"joined", "asks", "removed", "moved"})
_KNOWN: Final = "contract_notices"


class NoticeOnPage(NamedTuple):
    """A notice in words. *asks* says whether it asks for a decision."""

    id: int
    contract: str
    words: str
    asks: bool
    account_id: int | None
    asker_id: int | None


def kinds_waiting() -> ContractNotices:
    """Returns which kinds of notices there may be for the visitor; asked once a page."""
    if (known := g.get(_KNOWN)) is None:
        known = contract_notices(app_context.reading(), current_user.consumer_id())
        know_kinds(known)
    return cast("ContractNotices", known)


def know_kinds(found: ContractNotices) -> None:
    """Keep which kinds there may be, where the page has asked already with something else."""
    setattr(g, _KNOWN, found)


def unseen() -> list[NoticeOnPage]:
    """Returns the notices that the visitor has not dismissed."""
    if not kinds_waiting().of_holders:
        return []
    found = unseen_notices(app_context.reading(), current_user.consumer_id())
    return [_said(notice, account, issuer) for notice, account, issuer in found]


def _said(notice: HolderNotice, account: CustomerAccount, issuer: Issuer) -> NoticeOnPage:
    name = notice.name or say("Une personne")
    words = say(_SENTENCES[notice.kind], name=name, issuer=issuer.name, when=day_of(notice.at, "on"))
    is_shared = notice.kind in {"joined", "paperless", "paper", "asks", "kept", "moved", "heir_joins"}
    is_over = notice.kind in {"removed", "heir_ended"}
    contract = issuer.name if is_over else f"{issuer.name}, {numbered_within(account, issuer)}"
    return NoticeOnPage(
        notice.id, contract, words, notice.kind in _ASKING, account.id if is_shared else None, notice.asker_id
    )


@pages.post("/avis/<row(notice):notice_id>/vu")
def seen(notice_id: int) -> ResponseReturnValue:
    with app_context.store().writing() as session:
        is_mine = dismiss_notice(session, current_user.consumer_id(), notice_id, app_context.now())
    if not is_mine:
        abort(404)
    return redirect(going(url_for("accounts.show")), 303)
