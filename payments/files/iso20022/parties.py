"""Reads names and account numbers of the parties of a payment."""

from typing import NamedTuple

from payments.files.iso20022.elements import Element, child, first_text
from untrusted.value_parsing import account_number


class PaymentParty(NamedTuple):
    """A party and its account: the IBAN without blanks, else another number as sent."""

    name: str = ""
    account: str = ""


def read_party(element: Element | None, role: str) -> PaymentParty:
    """The party of a role (`Dbtr`, `Cdtr`), its name direct or under `Pty` (from version 8 on), else that of its
    ultimate party or its account."""
    party = child(element, role)
    name = _name_of(party) or _name_of(child(element, f"Ultmt{role}")) or first_text(element, (f"{role}Acct", "Nm"))
    return PaymentParty(name, read_account(child(element, f"{role}Acct")))


def read_account(account: Element | None) -> str:
    """The number of an account element."""
    written = first_text(account, ("Id", "IBAN"), ("Id", "Othr", "Id"), ("Id", "PrtryAcct", "Id"), ("Id", "BBAN"))
    return account_number(written) or ""


def _name_of(party: Element | None) -> str:
    return first_text(party, ("Nm",), ("Pty", "Nm"), ("Agt", "FinInstnId", "Nm"))
