"""Feeds whose account numbers speak against them are held before anything is claimed: a billing system that writes
everybody anew, a spreadsheet that gives one number to many."""

from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select

from audit.run_all_checks import check
from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from feeds.decide_held_feed import decide_feed
from feeds.feed_report import feed_report
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from pipeline.replay_rehearsal import rehearse
from store import Store
from store.accounts.account_question import count_questions
from store.accounts.customer_account import CustomerAccount
from store.feeds.feed import Feed
from store.issuer import Issuer
from tests.sample_feeds import batch, ubl

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
ALICE = ("Alice Martin", "4 rue des Lilas", "44000", "Nantes")
BRUNO = ("Bruno Leroy", "17 quai de la Fosse", "69002", "Lyon")
CHARLIE = ("Charlie Moreau", "8 place du Marché", "35000", "Rennes")
PROFILE = Path(__file__).parent.parent / "account_numbers" / "table.toml"
FIRST_NAMES = ("Anne", "Boris", "Carla", "Denis", "Elsa", "Farid", "Gilles", "Hugo", "Irène", "Jules")
PEOPLE = [(f"{name} Nom{name}", f"{n} rue des Lilas", "44000", "Nantes") for n, name in enumerate(FIRST_NAMES, 1)]
OTHERS = [(f"{name} Autre{name}", f"{n} quai Haut", "69002", "Lyon") for n, name in enumerate(FIRST_NAMES[::-1], 50)]


@pytest.fixture
def pipeline(store: Store, config: Config) -> Pipeline:
    with store.writing() as session:
        add_issuer(session, "lumiere", "Lumière de l'Ouest", NOW)
    return Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))


def profile(pipeline: Pipeline, text: str) -> None:
    with pipeline.store.writing() as session:
        add_issuer(session, "lumiere", "Lumière de l'Ouest", NOW, text)


def send(pipeline: Pipeline, name: str, content: bytes) -> int:
    with pipeline.store.reading() as session:
        issuer = session.scalars(select(Issuer)).one()
    feed_id = drop_feed(pipeline.store, issuer, BytesIO(content), name, "cli", NOW).feed_id
    pipeline.work_feed(feed_id, NOW)
    return feed_id


def bills(name: str, people: Sequence[tuple[str, str, str, str]]) -> bytes:
    return batch([ubl(f"{name}-{n}", f"K-{n}", person=person) for n, person in enumerate(people)])


def report(pipeline: Pipeline, feed_id: int) -> tuple[str, dict[str, int]]:
    with pipeline.store.reading() as session:
        told = feed_report(session, session.get_one(Feed, feed_id))
    return told["state"], {each["rule"]: each["count"] for each in told["rules"] if each["rule"].startswith("ACC")}


def accounts(pipeline: Pipeline) -> int:
    with pipeline.store.reading() as session:
        return session.scalar(select(func.count()).select_from(CustomerAccount)) or 0


def release(pipeline: Pipeline, feed_id: int) -> None:
    with pipeline.store.writing() as session:
        assert decide_feed(session, session.get_one(Feed, feed_id), "release", "oscar@facteur.example", "vu", NOW)
    pipeline.work_feed(feed_id, NOW)


def test_a_system_that_writes_everybody_anew_is_held(pipeline: Pipeline) -> None:
    send(pipeline, "mars.xml", bills("MAR", PEOPLE))
    anew = send(pipeline, "avril.xml", bills("AVR", [*OTHERS[:5], *PEOPLE[5:]]))
    assert report(pipeline, anew) == ("held", {"ACCOUNT-QUESTIONS": 1})
    with pipeline.store.reading() as session:
        assert session.get_one(Feed, anew).reason.values == {"rules": ["ACCOUNT-QUESTIONS"]}
        assert count_questions(session) == 0
    assert accounts(pipeline) == 10
    rehearsal = rehearse(pipeline.store, anew)
    assert (rehearsal.state, rehearsal.after.rules["ACCOUNT-QUESTION"]) == ("held", 5)
    release(pipeline, anew)
    assert report(pipeline, anew)[0] == "released"
    with pipeline.store.reading() as session:
        assert count_questions(session) == 5
    assert not any(check(pipeline.store).invariants.values())


def test_a_few_who_ask_hold_nothing(pipeline: Pipeline) -> None:
    send(pipeline, "mars.xml", bills("MAR", PEOPLE))
    few = send(pipeline, "avril.xml", bills("AVR", [*OTHERS[:3], *PEOPLE[3:]]))
    assert report(pipeline, few) == ("released", {"ACCOUNT-QUESTION": 3})


def test_what_is_only_written_otherwise_asks_nobody(pipeline: Pipeline) -> None:
    send(pipeline, "mars.xml", bills("MAR", PEOPLE))
    loud = [
        (name.upper(), street.replace("rue", "R.").upper(), code, city.upper()) for name, street, code, city in PEOPLE
    ]
    assert report(pipeline, send(pipeline, "avril.xml", bills("AVR", loud))) == ("released", {})


def test_a_profile_says_how_many_may_ask(pipeline: Pipeline) -> None:
    profile(pipeline, "[breaker]\nleast_questions = 2\naccount_questions = 0.1\n")
    send(pipeline, "mars.xml", bills("MAR", PEOPLE))
    assert report(pipeline, send(pipeline, "avril.xml", bills("AVR", [*OTHERS[:2], *PEOPLE[2:]])))[0] == "held"
    profile(pipeline, "[breaker]\naccount_questions = 0.9\n")
    assert report(pipeline, send(pipeline, "mai.xml", bills("MAI", [*OTHERS[:5], *PEOPLE[5:]])))[0] == "released"


def test_a_number_that_several_people_share_in_one_feed_holds_it(pipeline: Pipeline) -> None:
    shared = send(pipeline, "mars.xml", batch([ubl("A-1", "77", person=ALICE), ubl("A-2", "77", person=BRUNO)]))
    assert report(pipeline, shared) == ("held", {"ACCOUNT-SHARED": 1})
    with pipeline.store.reading() as session:
        assert session.get_one(Feed, shared).reason.values == {"rules": ["ACCOUNT-SHARED"]}
    assert accounts(pipeline) == 0
    release(pipeline, shared)
    assert report(pipeline, shared) == ("released", {"ACCOUNT-SHARED": 1, "ACCOUNT-QUESTION": 1})
    assert accounts(pipeline) == 2
    assert not any(check(pipeline.store).invariants.values())


@pytest.mark.parametrize("spelled", ["77", " 7-7", "7.7"])
def test_so_do_strangers_under_a_number_that_is_held(pipeline: Pipeline, spelled: str) -> None:
    send(pipeline, "mars.xml", batch([ubl("A-1", "77", person=ALICE)]))
    two = send(pipeline, "avril.xml", batch([ubl("B-1", "77", person=BRUNO), ubl("C-1", spelled, person=CHARLIE)]))
    assert report(pipeline, two) == ("held", {"ACCOUNT-SHARED": 1})


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
def test_bills_of_one_customer_share_nothing(pipeline: Pipeline, person: tuple[str, str, str, str]) -> None:
    feed_id = send(pipeline, "mars.xml", batch([ubl("A-1", "77", person=ALICE), ubl("A-2", "77", person=person)]))
    assert report(pipeline, feed_id)[0] == "released"
    assert accounts(pipeline) == 1


def test_a_profile_may_let_numbers_be_shared(pipeline: Pipeline) -> None:
    profile(pipeline, "[breaker]\nshared_numbers = 0\n")
    shared = send(pipeline, "mars.xml", batch([ubl("A-1", "77", person=ALICE), ubl("A-2", "77", person=BRUNO)]))
    assert report(pipeline, shared) == ("released", {"ACCOUNT-QUESTION": 1})


def test_two_rows_of_a_table_under_one_rounded_number_are_two_accounts(pipeline: Pipeline) -> None:
    """What a spreadsheet made of 1 230 417 and 1 230 982: even where it wrote plain digits, nobody is merged."""
    profile(pipeline, PROFILE.read_text())
    head = "Facture;Date;Echeance;A payer;Client;Nom;Rue;CP;Ville;Mail\n"
    rows = [f"A-{n};02/11/2026;15/12/2026;120,50;1230000;{p[0]};{p[1]};{p[2]};{p[3]};\n"
            for n, p in enumerate((ALICE, BRUNO), 1)]  # fmt: skip
    feed_id = send(pipeline, "mars.csv", (head + "".join(rows)).encode())
    state, rules = report(pipeline, feed_id)
    assert (state, rules) == ("held", {"ACCOUNT-SHARED": 1})
