"""The fields of a form that asks for a postal address: what was typed, and what it lacks."""

from typing import Final

from bill import PostalAddress, country_choices
from portal.form_input import form_value
from portal.translation import language, say
from words.catalogue import N_

#: The longest line of an address that is taken, in characters.
LONGEST_LINE: Final = 100
_TERMS: Final = ("line1", "line2", "line3", "postcode", "city", "subdivision", "country")
_LACKING: Final = {
    "line1": N_("Donnez une voie ou un lieu-dit."),
    "postcode": N_("Dans ce pays, une lettre porte un code postal."),
    "city": N_("Donnez la ville."),
    "country": N_("Choisissez le pays."),
}


def typed_address() -> PostalAddress:
    """Returns the address that was typed."""
    return PostalAddress(**{term: form_value(term, LONGEST_LINE) for term in _TERMS})


def lacking(address: PostalAddress) -> dict[str, str]:
    """Returns what a letter lacks in this address, as a sentence by field; a country must be chosen."""
    wrong = {term: say(_LACKING[term]) for term in address.lacking()}
    if not address.country:
        wrong["country"] = say(_LACKING["country"])
    return wrong


def countries(address: PostalAddress) -> list[tuple[str, str]]:
    """Returns the choices of countries by name, and an empty one in front where none is known yet."""
    is_known = "country" not in address.lacking() and address.country
    named = country_choices(language())
    return named if is_known else [("", say("Choisissez le pays.")), *named]
