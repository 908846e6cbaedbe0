"""What an issuer has said of an account's customer, as rows of a label and a text."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from bill.customer.customer_record import joined_names
from bill.customer.known_customer import DatedAddress, KnownCustomer
from portal.translation import language, say
from words.catalogue import N_
from words.language_names import language_name
from words.relative_dates import spell_day

_RIGHTS: Final = {
    "exempt": N_("oui : dispensé du numérique"),
    "guardian": N_("oui : sous tutelle ou curatelle"),
    "vulnerable": N_("oui : en situation de fragilité"),
    "yes": N_("oui"),
}


def stated_rows(known: KnownCustomer | None, today: date) -> list[tuple[str, str]]:
    """The rows, without those of which nothing was said."""
    return [] if known is None else [(label, text) for label, text in _rows(known, today) if text]


def _rows(known: KnownCustomer, today: date) -> Iterator[tuple[str, str]]:
    yield say("Nom, selon l’émetteur"), joined_names(known.names or ())
    yield say("Courriel, selon l’émetteur"), known.email or ""
    yield say("Téléphone, selon l’émetteur"), known.phone or ""
    yield say("Langue des lettres"), language_name(known.language, language()) if known.language else ""
    yield say("Gros caractères"), say("oui") if known.large_print else ""
    yield say("Papier de droit"), say(_RIGHTS[known.paper_by_right]) if known.paper_by_right else ""
    yield say("Déménagement"), " ; ".join(_moves(known.postal_address, today))
    yield say("Compte clos"), spell_day(known.closed_on, language()) if known.closed_on else ""
    yield say("Décès"), spell_day(known.died_on, language()) if known.died_on else ""


def _moves(addresses: tuple[DatedAddress, ...], today: date) -> Iterator[str]:
    for each in addresses:
        if each.stated is not None and each.stated.valid_from is not None and each.stated.valid_from > today:
            address = each.stated.address
            place = f"{address.line1}, {address.postcode} {address.city}".strip(" ,")
            yield say("{address}, dès le {day}", address=place, day=spell_day(each.stated.valid_from, language()))
