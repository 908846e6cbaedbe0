"""A filter of the list of bills in words: what is listed, and each part with the way to do without it."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from portal.presenters.labelled_account_number import numbered
from portal.translation import say
from store.accounts.held_account import HeldAccount
from store.bills.bill_filter import BillFilter, BillKind
from store.listed_issuer import ListedIssuer
from words.catalogue import N_

#: What is listed, and what of it is unpaid.
_BILLS: Final[dict[BillKind | None, tuple[str, str]]] = {
    None: (N_("Factures"), N_("Factures impayées")),
    "invoice": (N_("Factures"), N_("Factures impayées")),
    "credit_note": (N_("Avoirs"), N_("Avoirs impayés")),
    "corrective": (N_("Factures rectificatives"), N_("Factures rectificatives impayées")),
    "instalments": (N_("Factures en plusieurs échéances"), N_("Factures impayées en plusieurs échéances")),
}


class FilterPart(NamedTuple):
    """One part of a filter in words, and the address of the list without it."""

    words: str
    url: str


class FilterNames(NamedTuple):
    """What the rows and tags that a filter names are called; absent where the reader has none such."""

    issuers: Mapping[int, ListedIssuer]
    accounts: Mapping[int, HeldAccount]
    tags: Mapping[str, str]


def kind_words(kind: BillKind | None) -> str:
    """Returns the bills of this kind in words, as a heading."""
    return say(_BILLS[kind][0])


def filter_words(only: BillFilter, named: FilterNames) -> str:
    """Returns what is listed: « Factures impayées chez Lumière en 2026 »."""
    words = say(_BILLS[only.kind][only.is_unpaid])
    if only.issuer_id is not None:
        words = say("{bills} chez {issuer}", bills=words, issuer=_issuer(only, named))
    if only.account_id is not None:
        words = say("{bills}, {contract}", bills=words, contract=_contract(only, named))
    if only.year is not None:
        words = say("{bills} en {year}", bills=words, year=only.year)
    if only.tag:
        words = say("{bills}, étiquette « {tag} »", bills=words, tag=named.tags.get(only.tag, only.tag))
    if only.asked:
        words = say("{bills} qui disent « {asked} »", bills=words, asked=only.asked)
    return words


def filter_parts(only: BillFilter, named: FilterNames, url_of: Callable[[BillFilter], str]) -> list[FilterPart]:
    """Returns the parts of the filter. Without its issuer, a list keeps no contract of that issuer."""
    words = {
        "issuer_id": _issuer(only, named),
        "account_id": _contract(only, named),
        "year": str(only.year),
        "kind": kind_words(only.kind),
        "is_unpaid": say("Impayées"),
        "tag": say("étiquette « {tag} »", tag=named.tags.get(only.tag, only.tag)),
        "asked": say("« {asked} »", asked=only.asked),
    }
    return [FilterPart(words[part], url_of(only.without(part))) for part in only.parts]


def _issuer(only: BillFilter, named: FilterNames) -> str:
    issuer = named.issuers.get(only.issuer_id or 0)
    return say("un émetteur inconnu ici") if issuer is None else issuer.name


def _contract(only: BillFilter, named: FilterNames) -> str:
    account = named.accounts.get(only.account_id or 0)
    if account is None:
        return say("un contrat inconnu ici")
    return numbered(account, named.issuers[account.issuer_id])
