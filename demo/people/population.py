"""Generates the demo's people: a small cast with fixed roles and a random crowd."""

import unicodedata
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Final

from bill import PostalAddress
from demo.month_arithmetic import later
from demo.people.person import LONG_AGO, Habit, Person
from demo.people.sample_names import FAMILY, GIVEN, STREETS, TOWNS
from demo.seeded_random import random_by_name

#: People per thousand with each habit.
_HABITS: Final = {
    Habit.PAPER: 440, Habit.LINKED: 80, Habit.DIGITAL: 380, Habit.FORGETS: 45, Habit.RETURNS: 30, Habit.BOUNCES: 25,
}  # fmt: skip
#: One person in this many moves house in the thirteen months.
_MOVES: Final = 14
_MAIL_HOSTS: Final = ("example.org", "example.net", "example.com")


def people(seed: int, count: int, first: date) -> list[Person]:
    """Return *count* people, the cast first, with different names. Those who move house do so some months after
    *first*."""
    cast = list(_cast(first))
    taken = {person.name for person in cast}
    every = [f"{given} {family}" for given in GIVEN for family in FAMILY if f"{given} {family}" not in taken]
    names = random_by_name(seed, "names").sample(every, max(0, count - len(cast)))
    return cast[:count] + [_somebody(f"{seed}/{name}", name, first) for name in names]


def _cast(first: date) -> Iterator[Person]:
    """Yield the people whose sign-ins the demo prints and those with a role in its stories."""
    nantes = PostalAddress(line1="12 bis rue des Hortensias", line2="Appartement 7", postcode="44000", city="Nantes",
                           country="FR")  # fmt: skip
    rennes = PostalAddress(line1="3 allée des Tilleuls", postcode="35000", city="Rennes", country="FR")
    lorient = PostalAddress(line1="48 route de Vannes", line2="Bâtiment C", postcode="56100", city="Lorient",
                            country="FR")  # fmt: skip
    angers = PostalAddress(line1="27 quai des Tanneurs", postcode="49000", city="Angers", country="FR")
    every = ("lumiere-ouest", "mobile-plus", "eaux-du-val", "banque-du-port")
    yield Person("alice", "Alice Moreau", "alice.moreau@example.org", Habit.DIGITAL, 0.02, ((LONG_AGO, nantes),),
                 rooms=4, heats_by_electricity=True, issuers=every, pays_by_hand=True)  # fmt: skip
    yield Person("bob", "Bob Le Gall", "bob.le-gall@example.org", Habit.DIGITAL, 0.3,
                 ((LONG_AGO, rennes), (later(first, 7), lorient)), issuers=every)  # fmt: skip
    yield Person("charlie", "Charlie Durand", "charlie.durand@example.net", Habit.PAPER, 1.0, ((LONG_AGO, angers),),
                 rooms=2, issuers=every, pays_by_hand=True, exempt_at=("eaux-du-val",),
                 reads_large_print=True)  # fmt: skip
    couple = ((LONG_AGO, rennes),)
    yield Person("camille", "Camille Petit", "camille.petit@example.com", Habit.DIGITAL, 0.15, couple,
                 issuers=every[:3], household="Camille et Louis Petit")  # fmt: skip
    yield Person("louis", "Louis Petit", "louis.petit@example.com", Habit.DIGITAL, 0.25, couple, issuers=every[1:2],
                 partner="camille.petit@example.com")  # fmt: skip
    yield Person("odile", "Odile Kerboul", "odile.kerboul@example.org", Habit.FORGETS, 0.1, ((LONG_AGO, angers),),
                 issuers=every[:2], pays_by_hand=True)  # fmt: skip
    yield Person("yves", "Yves Tanguy", "bounce.yves.tanguy@example.net", Habit.BOUNCES, 0.2, ((LONG_AGO, lorient),),
                 issuers=every[:2], pays_by_hand=True)  # fmt: skip


def _somebody(key: str, name: str, first: date) -> Person:
    rng = random_by_name(key)
    habit = rng.choices(list(_HABITS), list(_HABITS.values()))[0]
    homes = [(LONG_AGO, _address(rng))]
    if rng.randrange(_MOVES) == 0:
        homes.append((later(first, rng.randint(3, 10)), _address(rng)))
    mailbox = f"{_mailbox(name)}@{rng.choice(_MAIL_HOSTS)}"
    return Person(
        key=key, name=name, email=f"bounce.{mailbox}" if habit is Habit.BOUNCES else mailbox, habit=habit,
        eagerness=rng.random(), homes=tuple(homes), rooms=rng.choice((1, 2, 2, 3, 3, 3, 4, 4, 5, 6)),
        heats_by_electricity=rng.random() < 0.4,
    )  # fmt: skip


def _address(rng: Random) -> PostalAddress:
    postcode, city = rng.choice(TOWNS)
    number = f"{rng.randint(1, 120)}{rng.choice(('', '', '', '', '', '', ' bis', ' ter'))}"
    flat = rng.choice(("", "", "", f"Appartement {rng.randint(1, 48)}", f"Bâtiment {rng.choice('ABCDE')}"))
    return PostalAddress(
        line1=f"{number} {rng.choice(STREETS)}", line2=flat, postcode=postcode, city=city, country="FR"
    )


def _mailbox(name: str) -> str:
    """Return a name as the local part of a mail address: `gwenaelle.le-goff`."""
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", name.lower()) if not unicodedata.combining(sign))
    given, _, family = plain.partition(" ")
    return f"{given}.{family.replace(' ', '-')}"
