"""Who takes part in a bill, and all that it says of them: seller, buyer, place of delivery, payee, tax representative
(EN 16931 BG-4, BG-7, BG-10, BG-11, BG-13)."""

from collections.abc import Iterator
from typing import Final

from bill import Bill, Delivered, Identifier, Party, account_label
from bill.spelled_address import postal_lines
from portal.consumers.presenters.bill_page.bill_facts import FactGroup, group_of
from portal.presenters.amounts_and_dates import exact_day
from portal.translation import language
from words.bill_term_labels import term_labels
from words.identifier_labels import identifier_label, registration_label
from words.printed_bill_labels import bill_labels

#: CEF EAS: an e-mail address.
_EMAIL: Final = "EM"


def bill_parties(bill: Bill, account_name: str = "") -> list[FactGroup]:
    """Returns a group for each party that the bill names. *account_name* is what the issuer calls the buyer's number
    (BT-46); "" for the usual label."""
    terms, home = term_labels(language()), bill.seller.address.country or bill.buyer.address.country
    seller_home = home if bill.buyer.address.country in ("", home) else ""
    others = ((terms.payee, bill.payee), (terms.tax_representative, bill.tax_representative))
    groups = group_of(terms.seller, _lines(bill.seller, seller_home), _numbers(bill.seller))
    groups += group_of(terms.buyer, _lines(bill.buyer, home), _of_buyer(bill.buyer, account_name))
    if bill.delivered:
        groups += _delivery(bill.delivered, home)
    for title, party in others:
        if party is not None:
            groups += group_of(title, _lines(party, home), _numbers(party))
    return groups


def _lines(party: Party, home: str) -> Iterator[str]:
    yield party.name
    yield from party.legal_form.splitlines()
    yield from postal_lines(party.address, home, language())


def _of_buyer(buyer: Party, account_name: str) -> Iterator[tuple[str, str]]:
    """Yield the numbers of the buyer. The first identifier is the account number."""
    if buyer.identifiers:
        yield account_label("BT-46", language(), account_name), buyer.identifiers[0].value
    yield from _numbers(buyer, buyer.identifiers[1:])


def _delivery(delivered: Delivered, home: str) -> list[FactGroup]:
    labels, terms, party = bill_labels(language()), term_labels(language()), delivered.party or Party()
    numbers: list[tuple[str, str]] = []
    if delivered.location:
        numbers.append(_identifier(delivered.location))
    if delivered.on:
        numbers.append((terms.delivered_on, exact_day(delivered.on)))
    numbers += [each for each in _numbers(party) if each not in numbers]
    return group_of(labels.delivered_to, [delivered.name, *_lines(party, home)], numbers)


def _numbers(party: Party, identifiers: tuple[Identifier, ...] | None = None) -> Iterator[tuple[str, str]]:
    """Yield the label and the text of all that a party is known and reached by."""
    terms = term_labels(language())
    if party.trading_name != party.name:
        yield terms.trading_name, party.trading_name
    if legal := party.legal_id:
        yield registration_label(legal.scheme, legal.value, party.address.country, language()), legal.value
    yield terms.vat_id, party.vat_id
    yield terms.tax_id, party.tax_id
    yield from map(_identifier, party.identifiers if identifiers is None else identifiers)
    if party.contact:
        yield from ((terms.contact, text) for text in (party.contact.name, party.contact.phone, party.contact.email))
    if party.electronic_address:
        yield _electronic_address(party.electronic_address)


def _identifier(identifier: Identifier) -> tuple[str, str]:
    return identifier_label(identifier.scheme, language()), identifier.value


def _electronic_address(address: Identifier) -> tuple[str, str]:
    label = term_labels(language()).electronic_address
    if address.scheme not in ("", _EMAIL):
        label = f"{label} ({identifier_label(address.scheme, language())})"
    return label, address.value
