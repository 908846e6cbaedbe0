"""What the staff's search finds by each kind of match: number, name, contract, e-mail address, amount."""

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from sqlalchemy.orm import Session

from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.bill_lookup import bills_under_number
from store.search.amount_token import asked_amount
from store.staff_search.found_accounts import accounts_by_email, accounts_by_name, accounts_by_number
from store.staff_search.found_bills import bills_by_amount, bills_by_part_of_number, latest_bills
from words.catalogue import N_

#: What people say before a number: `n° `, `facture n° `, `contrat `, `#`.
_BEFORE_A_NUMBER: Final = re.compile(
    r"^\s*(?:(?:facture|avoir|contrat|client|compte|bill|invoice|account)\s+)?(?:(?:n[°º]|no\.|nr\.|#)\s*)?",
    re.IGNORECASE,
)


class StaffSearch(NamedTuple):
    """What was typed, in whose bills it is looked for, how much is shown, and the id that a page goes on before. Only
    an operator finds people by the address that they sign in with."""

    said: str
    issuer_ids: Sequence[int]
    is_operator: bool
    limit: int
    before: int | None = None


class FoundAccount(NamedTuple):
    """An account and its last bill, if it has any."""

    account: CustomerAccount
    bill: BillRow | None


class Found(NamedTuple):
    """What was found by one kind of match; *following* is the id before which there is more, if there is."""

    kind: str
    bills: Sequence[BillRow] = ()
    accounts: Sequence[FoundAccount] = ()
    following: int | None = None

    @property
    def is_nothing(self) -> bool:
        return not (self.bills or self.accounts)


def found_by(session: Session, kind: str, asked: StaffSearch) -> Found:
    """What *kind* of match finds."""
    return _FINDERS[kind](session, asked)


def _by_number(session: Session, asked: StaffSearch) -> Found:
    """First those under exactly this number, which may be too short to have parts, or have it in common with many."""
    found = _bills("numero", asked, bills_by_part_of_number(session, *_wanted_number(asked)))
    if asked.before is not None:
        return found
    whole = bills_under_number(session, asked.issuer_ids, _wanted_number(asked)[1])
    return found._replace(bills=[*whole, *(each for each in found.bills if each not in whole)])


def _by_amount(session: Session, asked: StaffSearch) -> Found:
    amount = asked_amount(asked.said)
    if amount is None:
        return Found("montant")
    _, _, limit, before = _wanted(asked)
    return _bills("montant", asked, bills_by_amount(session, asked.issuer_ids, amount, limit, before))


def _by_name(session: Session, asked: StaffSearch) -> Found:
    if not any(c.isalpha() for c in asked.said):
        return Found("client")
    return _accounts(session, "client", asked, accounts_by_name(session, *_wanted(asked)))


def _by_contract(session: Session, asked: StaffSearch) -> Found:
    return _accounts(session, "contrat", asked, accounts_by_number(session, *_wanted_number(asked)))


def _by_email(session: Session, asked: StaffSearch) -> Found:
    if "@" not in asked.said:
        return Found("courriel")
    found = accounts_by_email(session, asked.issuer_ids, asked.said, of_consumers=asked.is_operator)
    return _accounts(session, "courriel", asked._replace(limit=len(found)), found)


def _wanted(asked: StaffSearch) -> tuple[Sequence[int], str, int, int | None]:
    return asked.issuer_ids, asked.said, asked.limit + 1, asked.before


def _wanted_number(asked: StaffSearch) -> tuple[Sequence[int], str, int, int | None]:
    """The same with the number alone, of `n° 4711` or `Facture n° 4711`."""
    said = _BEFORE_A_NUMBER.sub("", asked.said) or asked.said
    return _wanted(asked._replace(said=said))


def _bills(kind: str, asked: StaffSearch, found: list[BillRow]) -> Found:
    shown = found[: asked.limit]
    return Found(kind, bills=shown, following=shown[-1].id if len(found) > asked.limit else None)


def _accounts(session: Session, kind: str, asked: StaffSearch, found: list[CustomerAccount]) -> Found:
    shown = found[: asked.limit]
    latest = latest_bills(session, [each.id for each in shown])
    accounts = [FoundAccount(each, latest.get(each.id)) for each in shown]
    return Found(kind, accounts=accounts, following=shown[-1].id if len(found) > asked.limit else None)


#: What is written above the finds of each kind, in their order.
KINDS: Final = {
    "numero": N_("Par le numéro de facture"), "client": N_("Par le nom du client"),
    "contrat": N_("Par le numéro de contrat"), "courriel": N_("Par l’adresse électronique"),
    "montant": N_("Par le montant"),
}  # fmt: skip
_FINDERS: Final[dict[str, Callable[[Session, StaffSearch], Found]]] = {
    "numero": _by_number, "client": _by_name, "contrat": _by_contract, "courriel": _by_email, "montant": _by_amount,
}  # fmt: skip
