"""Contracts of simulated people: one customer account at one issuer, with its dates, numbers and address."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Final

from bill import PostalAddress
from demo.check_digits import french_iban
from demo.issuer import BANK, ELECTRICITY, ISSUERS, TELECOM, WATER, DemoIssuer
from demo.people.person import Person
from demo.seeded_random import random_by_name

#: By issuer: the share of people who are customers, and the share of these who pay by direct debit.
_CUSTOMERS: Final = {ELECTRICITY: 0.88, TELECOM: 0.80, WATER: 0.58, BANK: 0.66}
_DEBITED: Final = {ELECTRICITY: 0.45, TELECOM: 0.80, WATER: 0.25, BANK: 1.0}
#: Issuers that supply a place: when a person moves, the contract ends and another begins.
_SUPPLIED: Final = (ELECTRICITY, WATER)
_FIRST_NUMBERS: Final = {ELECTRICITY: 20_450_013, TELECOM: 7_310_021, WATER: 104_227, BANK: 41_277_651_104}
#: 06 39 98 is reserved for fiction (ARCEP, plan de numérotation).
_METERS: Final = {ELECTRICITY: "0941{:010}", TELECOM: "063998{:04}", WATER: "D17FA{:06}", BANK: ""}


@dataclass(frozen=True, eq=False)
class Contract:
    """A customer account at an issuer, from *since* to the day before *until*."""

    issuer: DemoIssuer
    person: Person
    holder: str  # the name of the person or couple on the bills
    number: str  # printed on every bill
    meter: str  # meter or telephone line; "" without one
    place: PostalAddress | None  # the place supplied; None: the post goes to the person's home
    since: date
    until: date | None
    iban: str  # the debited account; "" when paid by transfer
    mandate: str

    @property
    def steady_random(self) -> Random:
        """Return a random generator for what stays the same from month to month."""
        return random_by_name(self.person.key, self.number)

    def monthly_random(self, month: date) -> Random:
        """Return a random generator for what differs from month to month."""
        return random_by_name(self.person.key, self.number, month.isoformat())

    def post_to(self, on: date) -> PostalAddress:
        """Return the postal address on a day."""
        return self.place or self.person.home(on)

    def runs(self, first: date, last: date) -> bool:
        """Whether the contract was in force on any day from *first* to *last*."""
        return self.since <= last and (self.until is None or first < self.until)


def contracts(persons: Sequence[Person]) -> list[Contract]:
    """Return the contracts of all *persons*, issuer by issuer."""
    return [
        contract
        for issuer in ISSUERS
        for place, person in enumerate(persons)
        if _is_customer(person, issuer)
        for contract in _of_each_home(issuer, person, place)
    ]


def _is_customer(person: Person, issuer: DemoIssuer) -> bool:
    if person.issuers is not None:
        return issuer.slug in person.issuers
    return random_by_name(person.key, issuer.slug).random() < _CUSTOMERS[issuer]


def _of_each_home(issuer: DemoIssuer, person: Person, place: int) -> Iterator[Contract]:
    is_supplied = issuer in _SUPPLIED
    homes = person.homes if is_supplied else person.homes[:1]
    for turn, (since, home) in enumerate(homes):
        number = str(_FIRST_NUMBERS[issuer] + place * 37 + turn * 11)
        is_debited = _is_debited(person, issuer)
        yield Contract(
            issuer=issuer,
            person=person,
            holder=person.household if person.household and issuer is ELECTRICITY else person.name,
            number=number,
            meter=_METERS[issuer].format(place * 10 + turn),
            place=home if is_supplied else None,
            since=since,
            until=homes[turn + 1][0] if turn + 1 < len(homes) else None,
            iban=french_iban(10_000_000 + place) if is_debited else "",
            mandate=f"{issuer.prefix}{number}" if is_debited else "",
        )


def _is_debited(person: Person, issuer: DemoIssuer) -> bool:
    """Whether a contract is paid by direct debit: always at the bank, elsewhere by the person's choice."""
    if person.pays_by_hand and issuer is not BANK:
        return False
    return random_by_name(person.key, issuer.slug, "debit").random() < _DEBITED[issuer]
