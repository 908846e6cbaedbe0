"""Identifiers as they stand on a bill: under the name of their scheme, never as a bare number."""

from bill.money import NBSP
from bill.party import Identifier, Party
from words.identifier_labels import identifier_label, object_label, registration_label


def spell_identifier(identifier: Identifier, language: str) -> str:
    """Return an identifier with the name of its scheme: `GLN 3012345678900`."""
    return f"{identifier_label(identifier.scheme, language)}{NBSP}{identifier.value}"


def spell_registration(party: Party, language: str) -> str:
    """Return a party's legal registration number (BT-30, BT-47): `SIREN 552081317`; "" if it has none."""
    found = party.legal_id
    if found is None:
        return ""
    label = registration_label(found.scheme, found.value, party.address.country, language)
    return f"{label}{NBSP}{found.value}"


def spell_object(identifier: Identifier, language: str) -> str:
    """Return an invoiced object (BT-18, BT-128) with what it is: `Compteur 0123456`."""
    return f"{object_label(identifier.scheme, language)}{NBSP}{identifier.value}"
