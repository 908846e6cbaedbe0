"""Feeds whose account numbers speak against them are held before anything is claimed: a billing system that writes
everybody anew, a spreadsheet that gives one number to many."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select

from audit.check import check
from config import Config
from delivery.postman import SMTPPostman
from issuers.drop import drop
from issuers.registry import add_issuer
from issuers.report import feed_report
from rehearsal import rehearse
from road import Road
from store import Store
from store.account import CustomerAccount
from store.account_question import count_questions
from store.feed import Feed
from store.issuer import Issuer
from store.release import decide
from tests.feeds import batch, ubl

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
ALICE = ("Alice Martin", "4 rue des Lilas", "44000", "Nantes")
BRUNO = ("Bruno Leroy", "17 quai de la Fosse", "69002", "Lyon")
CHARLIE = ("Charlie Moreau", "8 place du Marché", "35000", "Rennes")
PROFILE = Path(__file__).parent / "account_numbers" / "table.toml"
FIRST_NAMES = ("Anne", "Boris", "Carla", "Denis", "Elsa", "Farid", "Gilles", "Hugo", "Irène", "Jules")
PEOPLE = [(f"{name} Nom{name}", f"{n} rue des Lilas", "44000", "Nantes") for n, name in enumerate(FIRST_NAMES, 1)]
OTHERS = [(f"{name} Autre{name}", f"{n} quai Haut", "69002", "Lyon") for n, name in enumerate(FIRST_NAMES[::-1], 50)]


@pytest.fixture
def road(store: Store, config: Config) -> Road:
    with store.writing() as session:
        add_issuer(session, "lumiere", "Lumière de l'Ouest", NOW)
    return Road(store, config, SMTPPostman("smtp://127.0.0.1:9", config.sender))


def profile(road: Road, text: str) -> None:
    with road.store.writing() as session:
        add_issuer(session, "lumiere", "Lumière de l'Ouest", NOW, text)


def send(road: Road, name: str, content: bytes) -> int:
    with road.store.reading() as session:
        issuer = session.scalars(select(Issuer)).one()
    feed_id = drop(road.store, issuer, BytesIO(content), name, "cli", NOW).feed_id
    road.work_feed(feed_id, NOW)
    return feed_id


def bills(name: str, people: Sequence[tuple[str, str, str, str]]) -> bytes:
    return batch([ubl(f"{name}-{n}", f"K-{n}", person=person) for n, person in enumerate(people)])


def report(road: Road, feed_id: int) -> tuple[str, dict[str, int]]:
    with road.store.reading() as session:
        told = feed_report(session, session.get_one(Feed, feed_id))
    return told["state"], {each["rule"]: each["count"] for each in told["rules"] if each["rule"].startswith("ACC")}


def accounts(road: Road) -> int:
    with road.store.reading() as session:
        return session.scalar(select(func.count()).select_from(CustomerAccount)) or 0


def release(road: Road, feed_id: int) -> None:
    with road.store.writing() as session:
        assert decide(session, session.get_one(Feed, feed_id), "release", "oscar@facteur.example", "vu", NOW)
    road.work_feed(feed_id, NOW)


def test_a_system_that_writes_everybody_anew_is_held(road: Road) -> None:
    send(road, "mars.xml", bills("MAR", PEOPLE))
    anew = send(road, "avril.xml", bills("AVR", [*OTHERS[:5], *PEOPLE[5:]]))
    assert report(road, anew) == ("held", {"ACCOUNT-INVARIANTS": 1})
    with road.store.reading() as session:
        assert "5" in session.get_one(Feed, anew).reason
        assert count_questions(session) == 0
    assert accounts(road) == 10
    rehearsal = rehearse(road.store, anew)
    assert (rehearsal.state, rehearsal.after.rules["ACCOUNT-QUESTION"]) == ("held", 5)
    release(road, anew)
    assert report(road, anew)[0] == "released"
    with road.store.reading() as session:
        assert count_questions(session) == 5
    assert not any(check(road.store).invariants.values())


def test_a_few_who_ask_hold_nothing(road: Road) -> None:
    send(road, "mars.xml", bills("MAR", PEOPLE))
    few = send(road, "avril.xml", bills("AVR", [*OTHERS[:3], *PEOPLE[3:]]))
    assert report(road, few) == ("released", {"ACCOUNT-QUESTION": 3})


def test_what_is_only_written_otherwise_asks_nobody(road: Road) -> None:
    send(road, "mars.xml", bills("MAR", PEOPLE))
    loud = [
        (name.upper(), street.replace("rue", "R.").upper(), code, city.upper()) for name, street, code, city in PEOPLE
    ]
    assert report(road, send(road, "avril.xml", bills("AVR", loud))) == ("released", {})


def test_a_profile_says_how_many_may_ask(road: Road) -> None:
    profile(road, "[breaker]\nleast_questions = 2\naccount_questions = 0.1\n")
    send(road, "mars.xml", bills("MAR", PEOPLE))
    assert report(road, send(road, "avril.xml", bills("AVR", [*OTHERS[:2], *PEOPLE[2:]])))[0] == "held"
    profile(road, "[breaker]\naccount_questions = 0.9\n")
    assert report(road, send(road, "mai.xml", bills("MAI", [*OTHERS[:5], *PEOPLE[5:]])))[0] == "released"


def test_a_number_that_several_people_share_in_one_feed_holds_it(road: Road) -> None:
    shared = send(road, "mars.xml", batch([ubl("A-1", "77", person=ALICE), ubl("A-2", "77", person=BRUNO)]))
    assert report(road, shared) == ("held", {"ACCOUNT-SHARED": 1})
    with road.store.reading() as session:
        assert "77" in session.get_one(Feed, shared).reason
    assert accounts(road) == 0
    release(road, shared)
    assert report(road, shared) == ("released", {"ACCOUNT-SHARED": 1, "ACCOUNT-QUESTION": 1})
    assert accounts(road) == 2
    assert not any(check(road.store).invariants.values())


@pytest.mark.parametrize("spelled", ["77", " 7-7", "7.7"])
def test_so_do_strangers_under_a_number_that_is_held(road: Road, spelled: str) -> None:
    send(road, "mars.xml", batch([ubl("A-1", "77", person=ALICE)]))
    two = send(road, "avril.xml", batch([ubl("B-1", "77", person=BRUNO), ubl("C-1", spelled, person=CHARLIE)]))
    assert report(road, two) == ("held", {"ACCOUNT-SHARED": 1})


@pytest.mark.parametrize(
    "person",
    [
        ALICE,
        ("Alice et Marc Martin", *ALICE[1:]),
        ("Bruno Leroy", *ALICE[1:]),
        ("Alice Martin", *BRUNO[1:]),
        ("MARTIN A.", "4, R. DES LILAS", "44000", "NANTES CEDEX"),
    ],
)
def test_bills_of_one_customer_share_nothing(road: Road, person: tuple[str, str, str, str]) -> None:
    feed_id = send(road, "mars.xml", batch([ubl("A-1", "77", person=ALICE), ubl("A-2", "77", person=person)]))
    assert report(road, feed_id)[0] == "released"
    assert accounts(road) == 1


def test_a_profile_may_let_numbers_be_shared(road: Road) -> None:
    profile(road, "[breaker]\nshared_numbers = 0\n")
    shared = send(road, "mars.xml", batch([ubl("A-1", "77", person=ALICE), ubl("A-2", "77", person=BRUNO)]))
    assert report(road, shared) == ("released", {"ACCOUNT-QUESTION": 1})


def test_two_rows_of_a_table_under_one_rounded_number_are_two_accounts(road: Road) -> None:
    """What a spreadsheet made of 1 230 417 and 1 230 982: even where it wrote plain digits, nobody is merged."""
    profile(road, PROFILE.read_text())
    head = "Facture;Date;Echeance;A payer;Client;Nom;Rue;CP;Ville;Mail\n"
    rows = [f"A-{n};02/11/2026;15/12/2026;120,50;1230000;{p[0]};{p[1]};{p[2]};{p[3]};\n"
            for n, p in enumerate((ALICE, BRUNO), 1)]  # fmt: skip
    feed_id = send(road, "mars.csv", (head + "".join(rows)).encode())
    state, rules = report(road, feed_id)
    assert (state, rules) == ("held", {"ACCOUNT-SHARED": 1})
