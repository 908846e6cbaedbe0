"""Find the account number on a bill, and the label it is printed under ("N° de client").

Bill, letter and claim page all use this label, so that they name the number alike.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from bill.bill import Bill
from words.printed_label import L_, printed_label

#: The terms to look for a number in, if the issuer's profile names none: the first that a bill has.
LOOKED_AT: Final = ("BT-46", "BT-12")

#: By term (EN 16931): buyer identifier, contract, buyer reference, invoiced object. In French; the catalogue `printed`
#: has the other languages.
_LABELS: Final = {
    "BT-46": L_("Numéro de client"),
    "BT-12": L_("Numéro de contrat"),
    "BT-10": L_("Votre référence"),
    "BT-18": L_("Numéro d’abonnement"),
}


class AccountNumber(NamedTuple):
    """The account number on a bill, the term it stands in, and its scheme ("" if none is given)."""

    term: str
    scheme: str
    value: str


def account_number_of(bill: Bill, term: str | None = None) -> AccountNumber | None:
    """The account number of a bill, or None. *term* is the profile's choice of term; None tries the usual ones."""
    for name in [term] if term else LOOKED_AT:
        scheme, value = _named(bill, name)
        if value:
            return AccountNumber(name, scheme, value)
    return None


def account_labels(term: str | None, language: str, own: str = "") -> tuple[str, ...]:
    """The possible labels of an issuer's account numbers in this language (French if we have no other): one, or two if
    the profile names no term. *own* is the issuer's label, which wins."""
    if own:
        return (own,)
    return tuple(printed_label(_LABELS[name], language) for name in ([term] if term else LOOKED_AT))


@lru_cache(maxsize=256)
def account_label(term: str, language: str, own: str = "") -> str:
    """The label of a number in this term; "" for an account without a number."""
    return "" if term not in _LABELS else account_labels(term, language, own)[0]


def _named(bill: Bill, term: str) -> tuple[str, str]:
    match term:
        case "BT-46" if bill.buyer.identifiers:
            first = bill.buyer.identifiers[0]
            return first.scheme, first.value
        case "BT-12":
            return "", bill.contract
        case "BT-10":
            return "", bill.buyer_reference
        case "BT-18" if bill.object_id:
            return bill.object_id.scheme, bill.object_id.value
    return "", ""
