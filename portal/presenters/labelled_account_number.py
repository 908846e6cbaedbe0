"""An account number with the name that the issuer's bills and letters give it."""

from collections.abc import Sequence
from typing import NamedTuple

from bill import account_label, account_labels
from issuers.registry import brand_of_issuer, profile_of
from portal.translation import language, say
from store.accounts.customer_account import CustomerAccount
from store.accounts.held_account import HeldAccount
from store.issuer import Issuer
from store.listed_issuer import ListedIssuer


class NumberAsked(NamedTuple):
    """What a claim asks for: *name* in the visitor's language, *printed* as on the issuer's bills and letters."""

    name: str
    printed: str


def account_number_name(issuer: Issuer) -> NumberAsked:
    """Returns the name of an issuer's account numbers; two names where it depends on the bill."""
    profile = profile_of(issuer)
    names, printed = (
        account_labels(profile.account_term, into, profile.account_label)
        for into in (language(), brand_of_issuer(issuer).language)
    )
    return NumberAsked(_either(names), _either([say("« {name} »", name=each) for each in printed]))


def _either(names: Sequence[str]) -> str:
    return say("{one} ou {other}", one=names[0], other=names[1]) if len(names) > 1 else names[0]


def numbered(account: CustomerAccount | HeldAccount, issuer: Issuer | ListedIssuer) -> str:
    """Returns `Numéro de client C-1001`, or that there is no number for an account made of name and address."""
    if not account.number:
        return say("sans numéro de contrat")
    label = account_label(account.term, language(), profile_of(issuer).account_label)
    return f"{label} {account.number}"


def numbered_within(account: CustomerAccount | HeldAccount, issuer: Issuer | ListedIssuer) -> str:
    """Returns the same after a comma: `numéro de client C-1001`. A label that begins with an abbreviation stays."""
    text = numbered(account, issuer)
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
