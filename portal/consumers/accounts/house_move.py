"""« Je déménage »: the new address is given once, for all contracts that are ticked; what each issuer made of it."""

from collections.abc import Collection
from datetime import date
from typing import Final, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bill import MatchResult, PostalAddress, compare_addresses
from delivery.stated_moves import StatedState, accounts_that_may_move, state_move
from portal import app_context
from portal.access import current_user
from portal.form_input import form_value
from portal.postal_address_form import LONGEST_LINE, countries, lacking, typed_address
from portal.presenters.amounts_and_dates import day, day_of
from portal.public_id_converter import row_of
from portal.translation import say
from store.accounts.consumer import Consumer, accounts_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.stated_move import StatedMove, last_moves_of
from store.customers.customer_reference import references_of
from store.issuer import Issuer, issuers_by_id
from words.catalogue import N_

pages = Blueprint("house_move", __name__, url_prefix="/contrats/demenagement")

_TAKEN: Final = N_(
    "C’est noté et transmis pour {n} contrat. Vous voyez ici ce qu’il en devient."
    "|C’est noté et transmis pour {n} contrats. Vous voyez ici ce qu’il en devient."
)
_NOT_TAKEN: Final = N_(
    "{n} contrat n’a pas pu suivre : une lettre est revenue de cette adresse-là, ou son émetteur doit d’abord"
    " répondre.|{n} contrats n’ont pas pu suivre : une lettre est revenue de cette adresse-là, ou leur émetteur doit"
    " d’abord répondre."
)
_BECAME: Final = {
    "open": N_("Transmise {when} ; {issuer} ne l’a pas encore reprise."),
    "applied": N_("Les lettres y vont ; vous l’avez donnée {when}."),
    "confirmed": N_("{issuer} l’a reprise {when}."),
    "to come": N_("{issuer} l’a reprise ; les lettres y iront {first}."),
    "refused": N_("{issuer} a décidé {when} de garder l’adresse d’avant. Une question ? Adressez-vous à {issuer}."),
    "overtaken": N_("{issuer} a envoyé {when} une autre adresse."),
    "replaced": N_("Remplacée {when}."),
}


class MovingContract(NamedTuple):
    """A contract on the page: whether it can be ticked and is, and what became of the address given last."""

    account: CustomerAccount
    issuer: Issuer
    may_move: bool
    is_ticked: bool
    move: StatedMove | None
    became: str


@pages.get("")
def show() -> ResponseReturnValue:
    return _page(PostalAddress(country="FR"), None, {}, None)


@pages.post("")
def state() -> ResponseReturnValue:
    """Tell each issuer whose contract is ticked."""
    address, held = typed_address(), accounts_of(app_context.reading(), current_user.consumer_id())
    named = {row_of(text, "account") for text in request.form.getlist("contrat")}
    chosen = [each.id for each in held if each.id in named]
    first, wrong = _first_day(form_value("from", 10)), lacking(address)
    if first is None:
        wrong["from"] = say("Donnez un jour, d’il y a un an à dans un an.")
    if not chosen:
        wrong["contrat"] = say("Choisissez au moins un contrat.")
    if wrong:
        return _page(address, set(chosen), wrong, form_value("from", 10)), 422
    answers = _tell(chosen, address, first)
    app_context.store().wake_up.send()
    taken = sum(each is not None for each in answers)
    if taken:
        flash(say(_TAKEN, n=taken), "good")
    if len(answers) > taken:
        flash(say(_NOT_TAKEN, n=len(answers) - taken), "ask")
    return redirect(url_for(".show"), 303)


def _tell(account_ids: Collection[int], address: PostalAddress, first: date | None) -> list[StatedState | None]:
    """State the move for each of these contracts, in the order in which rows are locked."""
    from_day = first if first is not None and first > app_context.today() else None
    with app_context.store().writing() as session:
        me = session.get_one(Consumer, current_user.consumer_id())
        return [state_move(session, each, me, address, app_context.now(), from_day) for each in sorted(account_ids)]


def _first_day(text: str) -> date | None:
    """Returns the first day at the new address as typed, today where none is; None if it is no day within a year."""
    if not text:
        return app_context.today()
    try:
        first = date.fromisoformat(text)
    except ValueError:
        return None
    return first if abs((first - app_context.today()).days) <= 366 else None


def _page(address: PostalAddress, ticked: Collection[int] | None, wrong: dict[str, str], first: str | None) -> str:
    """*ticked*: the ids of the contracts that the visitor has ticked; None before they have."""
    return render_template(
        "consumers/accounts/house_move.html",
        contracts=_contracts(ticked),
        address=address,
        first=app_context.today().isoformat() if first is None else first,
        countries=countries(address),
        wrong=wrong,
        most=LONGEST_LINE,
    )


def _contracts(ticked: Collection[int] | None) -> list[MovingContract]:
    session, me = app_context.reading(), current_user.consumer_id()
    accounts = accounts_of(session, me)
    ids = [each.id for each in accounts]
    issuers = {n: each for n, each in issuers_by_id(session, {a.issuer_id for a in accounts}).items()
               if each.private_to is None}  # fmt: skip
    may_move, moves = accounts_that_may_move(session, accounts), last_moves_of(session, me, ids)
    over = {n for n, each in references_of(session, ids).items() if _is_over(each.closed_on)}
    contracts = []
    for each in accounts:
        if (issuer := issuers.get(each.issuer_id)) is None:
            continue
        move = moves.get(each.id)
        is_ticked = each.id in may_move and (each.id not in over if ticked is None else each.id in ticked)
        became = "" if move is None else _became(move, each, issuer)
        contracts.append(MovingContract(each, issuer, each.id in may_move, is_ticked, move, became))
    return contracts


def _is_over(closed_on: date | None) -> bool:
    return closed_on is not None and closed_on < app_context.today()


def _became(move: StatedMove, account: CustomerAccount, issuer: Issuer) -> str:
    """Returns what became of a stated address, in words."""
    state = move.state
    if state == "confirmed" and move.given_at is None and move.from_day is not None:
        return say(_BECAME["to come"], issuer=issuer.name, first=day(move.from_day, "on"))
    if state == "overtaken" and compare_addresses(account.postal_address, move.postal_address) is MatchResult.SAME:
        state = "confirmed"
    when = day_of(move.at if state == "open" else move.ended_at or move.at, "on")
    return say(_BECAME[state], issuer=issuer.name, when=when)
