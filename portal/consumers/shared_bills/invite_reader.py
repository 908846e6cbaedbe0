"""The form by which somebody is invited to read one's bills."""

from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from consumers.access_grants.invite_reader import MOST_OPEN, InviteRefusal, ReadingScope, invite_reader
from portal import app_context
from portal.access import current_user
from portal.consumers.presenters.grant_scope import KIND_NAMES, RELATION_NAMES
from portal.form_input import form_value, plain_email, typed_email, wrong_with_email
from portal.public_id_converter import row_of
from portal.translation import say
from store.access_grants.access_grant import AccessGrant, GrantedKind, Relation
from store.accounts.consumer import accounts_of
from store.issuer import issuers_by_id
from words.catalogue import N_

pages: Final = Blueprint("invite_reader", __name__, url_prefix="/qui-voit-mes-factures/inviter")

#: Where each refusal is said, and how.
_REFUSED: Final[dict[InviteRefusal, tuple[str, str]]] = {
    "self": ("email", N_("C’est votre propre adresse : donnez celle de la personne à inviter.")),
    "open": ("email", N_("Cette adresse est déjà invitée. Pour changer ce qu’elle voit, retirez d’abord son accès.")),
    "many": ("email", N_("Vous avez déjà {most} personnes invitées : retirez d’abord un accès.")),
    "no_contract": ("contracts", N_("Choisissez au moins un contrat.")),
    "no_kind": ("kinds", N_("Choisissez au moins une sorte de factures.")),
    "past": ("until", N_("Ce jour est passé : donnez-en un à venir, ou aucun.")),
}
_DAY: Final = N_("Écrivez un jour comme 2026-12-31, ou laissez vide.")
_BOTH: Final = N_("Vous avez coché des contrats : choisissez « Seulement ceux-ci », ou décochez-les.")
_SENT: Final = N_(
    "C’est fait : l’invitation attend {email} dans son espace, et un courriel l’en prévient. Rien n’est visible avant"
    " qu’elle soit acceptée."
)


class InviteForm(NamedTuple):
    """What was typed."""

    email: str = ""
    relation: Relation = "spouse"
    is_all: bool = True
    account_ids: frozenset[int] = frozenset()
    kinds: frozenset[GrantedKind] = frozenset(KIND_NAMES)
    looks_for_owner: bool = False
    until: str = ""


@pages.get("")
def show() -> ResponseReturnValue:
    return _page(InviteForm(), {})


@pages.post("")
def invite() -> ResponseReturnValue:
    """Invite. The answer is the same whether or not the address is known here."""
    form, email = _typed(), plain_email(typed_email())
    until_on, errors = _day(form.until)
    if form.is_all and form.account_ids:
        errors["contracts"] = say(_BOTH)
    if email is None:
        errors["email"] = wrong_with_email(typed_email())
    if errors or email is None:
        return _page(form, errors), 422
    scope = ReadingScope(
        kinds=form.kinds, account_ids=None if form.is_all else form.account_ids, until_on=until_on,
        looks_for_owner=form.looks_for_owner,
    )  # fmt: skip
    with app_context.store().writing() as session:
        answer = invite_reader(
            session, current_user.consumer_id(), email, form.relation, scope, app_context.now(), app_context.today()
        )
    if not isinstance(answer, AccessGrant):
        place, words = _REFUSED[answer]
        return _page(form, {place: say(words, most=MOST_OPEN)}), 422
    app_context.store().wake_up.send()
    flash(say(_SENT, email=email), "good")
    return redirect(url_for("my_readers.show"), 303)


def _typed() -> InviteForm:
    relation, ids = form_value("relation"), request.form.getlist("contract")
    rows = {row_of(each, "account") for each in ids} - {None}
    return InviteForm(
        email=form_value("email"),
        relation=next((each for each in RELATION_NAMES if each == relation), "other"),
        is_all=form_value("contracts") == "all",
        account_ids=frozenset(cast("set[int]", rows)),
        kinds=frozenset(each for each in KIND_NAMES if each in request.form.getlist("kind")),
        looks_for_owner=form_value("looks") == "1",
        until=form_value("until", 20),
    )


def _day(text: str) -> tuple[date | None, dict[str, str]]:
    """Returns the typed day, None for none, and what is wrong with it."""
    try:
        return (date.fromisoformat(text) if text else None), {}
    except ValueError:
        return None, {"until": say(_DAY)}


def _page(form: InviteForm, errors: Mapping[str, str]) -> str:
    session = app_context.reading()
    accounts = accounts_of(session, current_user.consumer_id())
    issuers = issuers_by_id(session, {each.issuer_id for each in accounts})
    return render_template(
        "consumers/shared_bills/invite_reader.html",
        form=form,
        errors=errors,
        contracts=[(each, issuers[each.issuer_id]) for each in accounts],
        relations=[(value, say(name)) for value, name in RELATION_NAMES.items()],
        kinds=[(value, say(name)) for value, name in KIND_NAMES.items()],
        today=app_context.today(),
    )
