"""A customer file goes the way of all feeds, and what it says follows: who is known, where letters go, what waits."""

import json
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from sqlalchemy import select, update

from bill import PostalAddress
from bill.customer.known_customer import MOST_STATEMENTS
from config import Config
from feeds.accounts.account_question_resolution import QuestionDecision, decide_question
from feeds.decide_held_feed import decide_feed
from store import Store
from store.accounts.account_question import waiting_questions
from store.accounts.customer_account import CustomerAccount
from store.feeds.feed import Feed
from store.feeds.item import Item
from store.outbox.outbox_event import OutboxEvent
from tests.conftest import Clock
from tests.customers.conftest import ALICE, BOB, CHARLIE, PROFILE, Lumiere, counts, customer_file, rules


def moved(row: list[str], as_of: str, *address: str) -> list[str]:
    return [row[0], as_of, row[2], *address]


def test_accounts_are_known_before_their_first_bill(lumiere: Lumiere) -> None:
    report = lumiere.customers([*ALICE, "", "alice@example.org"], BOB)
    assert (report["state"], report["content"], report["format"]) == ("settled", "customers", "customers, CSV")
    assert (counts(report), report["findings"]) == ({"created": 2}, [])
    alice = lumiere.account("C-ALICE")
    assert (alice.holder, alice.postal_address.line1, alice.paperless) == ("Alice Martin", "12 rue des Lilas", False)
    assert lumiere.known("C-ALICE").email == "alice@example.org"
    lumiere.bills(("L-1", "C-ALICE"))
    with lumiere.store.reading() as session:
        assert len(session.scalars(select(CustomerAccount)).all()) == 2
        assert session.scalars(select(Item.content).where(Item.outcome == "created")).all() == [None, None]
    assert lumiere.is_sound()


def test_the_same_again_is_nothing(lumiere: Lumiere) -> None:
    first = lumiere.customers(ALICE, BOB)
    assert lumiere.customers(ALICE, BOB)["feed"] == first["feed"]
    again = lumiere.drop(customer_file([BOB, ALICE]), "again.csv")
    assert (counts(again), again["findings"]) == ({"unchanged": 2}, [])


def test_an_older_record_changes_nothing_and_is_told(lumiere: Lumiere) -> None:
    lumiere.customers(ALICE)
    report = lumiere.customers(moved(ALICE, "01/02/2026", "1 rue Neuve", "29200", "Brest"))
    assert (counts(report), rules(report)) == ({"older": 1}, ["CUSTOMER-OLDER"])
    assert lumiere.account("C-ALICE").postal_address.city == "Nantes"


def test_letters_follow_the_newest_of_bill_and_file(lumiere: Lumiere) -> None:
    lumiere.bills(("L-1", "C-ALICE"))  # of 2 March
    lumiere.customers(moved(ALICE, "01/03/2026", "1 rue Neuve", "29200", "Brest"))
    assert lumiere.account("C-ALICE").postal_address.city == "Nantes"
    lumiere.customers(moved(ALICE, "03/03/2026", "1 rue Neuve", "29200", "Brest"))
    assert lumiere.account("C-ALICE").postal_address.city == "Brest"
    lumiere.bills(("L-2", "C-ALICE"), issued="2026-03-02")
    assert lumiere.account("C-ALICE").postal_address.city == "Brest"
    lumiere.bills(("L-3", "C-ALICE"), issued="2026-03-03")
    assert lumiere.account("C-ALICE").postal_address.city == "Nantes"


def test_a_move_takes_place_on_its_day(lumiere: Lumiere) -> None:
    lumiere.customers(ALICE)
    lumiere.customers([*moved(ALICE, "02/03/2026", "1 rue Neuve", "29200", "Brest"), "01/05/2026"])
    assert lumiere.account("C-ALICE").postal_address.city == "Nantes"
    lumiere.work(datetime(2026, 4, 30, 12, tzinfo=UTC))
    assert lumiere.account("C-ALICE").postal_address.city == "Nantes"
    lumiere.work(datetime(2026, 5, 1, 6, tzinfo=UTC))
    account = lumiere.account("C-ALICE")
    assert (account.postal_address.city, account.as_of) == ("Brest", date(2026, 5, 1))


def test_after_a_summer_away_letters_go_home_again(lumiere: Lumiere) -> None:
    lumiere.customers(ALICE)
    summer = {"line1": "1 rue Neuve", "postcode": "29200", "city": "Brest", "from": "2026-07-01", "until": "2026-08-31"}
    said = {"number": "C-ALICE", "as_of": "2026-03-02T10:00:00Z", "postal_address": summer}
    lumiere.drop(json.dumps({"customers": [said]}).encode())
    cities = []
    for month in (6, 7, 8, 9):
        lumiere.work(datetime(2026, month, 15, 9, tzinfo=UTC))
        cities.append(lumiere.account("C-ALICE").postal_address.city)
    assert cities == ["Nantes", "Brest", "Brest", "Nantes"]


def mend(lumiere: Lumiere, at: datetime) -> None:
    address = PostalAddress(line1="9 rue Haute", postcode="56000", city="Vannes", country="FR")
    with lumiere.store.writing() as session:
        session.execute(
            update(CustomerAccount)
            .where(CustomerAccount.value == "C-ALICE")
            .values(mended_address=msgspec.msgpack.encode(address), mended_at=at)
        )


@pytest.mark.parametrize(
    ("as_of", "city", "rule"),
    [("03/03/2026", "Vannes", "CUSTOMER-MENDED"), ("05/03/2026", "Brest", "CUSTOMER-MENDED-OVER")],
)
def test_a_mended_address_gives_way_to_a_later_one_alone(
    lumiere: Lumiere, clock: Clock, as_of: str, city: str, rule: str
) -> None:
    lumiere.customers(ALICE)
    mend(lumiere, datetime(2026, 3, 4, 9, tzinfo=UTC))
    clock.forward(days=3)
    report = lumiere.customers(moved(ALICE, as_of, "1 rue Neuve", "29200", "Brest"))
    assert (rules(report), lumiere.account("C-ALICE").postal_address.city) == ([rule], city)


def test_a_mended_address_stays_while_the_issuer_repeats_itself(lumiere: Lumiere, clock: Clock) -> None:
    lumiere.customers(ALICE)
    mend(lumiere, clock())
    clock.forward(days=30)
    report = lumiere.customers(moved(ALICE, "01/04/2026", *ALICE[3:]))
    assert (rules(report), lumiere.account("C-ALICE").postal_address.city) == (["CUSTOMER-MENDED"], "Vannes")
    report = lumiere.customers(moved(ALICE, "02/04/2026", "9, rue Haute", "56000", "Vannes"))
    account = lumiere.account("C-ALICE")
    assert (rules(report), account.postal_address.line1, account.mended_at) == ([], "9, rue Haute", None)


def test_somebody_else_under_a_held_number_is_asked_about(lumiere: Lumiere) -> None:
    lumiere.bills(("L-1", "C-ALICE"))
    bruno = ["C-ALICE", "03/03/2026", "Bruno Leroy", "17 quai Perrache", "69002", "Lyon"]
    report = lumiere.customers(bruno)
    assert (counts(report), rules(report)) == ({"created": 1}, ["ACCOUNT-QUESTION"])
    assert lumiere.account("C-ALICE").holder == "Alice Martin"
    with lumiere.store.reading() as session:
        [question] = waiting_questions(session)
    assert (question.held_holder, question.other_holder) == ("Alice Martin", "Bruno Leroy")
    lumiere.clock.forward(days=1)
    nameless = ["C-ALICE", "04/03/2026", "", "", "", "", "", "bruno@example.org"]
    assert rules(lumiere.customers(nameless)) == ["CUSTOMER-QUESTION-OPEN"]
    again = lumiere.customers([*bruno[:1], "04/03/2026", *bruno[2:]])
    assert (counts(again), rules(again)) == ({"unchanged": 1}, [])
    assert lumiere.is_sound()


def test_a_closed_account_that_nobody_knew_is_not_opened(lumiere: Lumiere) -> None:
    report = lumiere.customers([*ALICE, "", "", "", "31/12/2019"])
    assert (counts(report), rules(report)) == ({"unchanged": 1}, ["CUSTOMER-CLOSED"])
    with lumiere.store.reading() as session:
        assert session.scalars(select(CustomerAccount)).all() == []


def test_an_account_without_an_address_takes_that_of_its_first_bill(lumiere: Lumiere) -> None:
    lumiere.customers(["C-ALICE", "03/03/2026", "Alice Martin"])
    lumiere.bills(("L-1", "C-ALICE"), issued="2026-02-01")
    assert lumiere.account("C-ALICE").postal_address.city == "Nantes"


def test_what_is_refused_is_told_with_its_place(lumiere: Lumiere) -> None:
    late = ["C-BOB", "01/01/2031", "Bob Le Goff"]
    report = lumiere.customers(ALICE, ["", "01/03/2026", "Nobody"], late)
    assert counts(report) == {"created": 1, "rejected": 2}
    found = [(each["rule"], each["place"]) for each in report["findings"]]
    assert found == [("CUSTOMER-NUMBER", "line 3, number"), ("CUSTOMER-CLOCK-AHEAD", "line 4, as_of")]


@pytest.mark.parametrize(
    ("number", "rule"), [("9" * 5000, "CUSTOMER-TOO-LONG"), ("9" * 5000 + "E+06", "NUMBER-ROUNDED")],
    ids=["long", "damaged"],
)  # fmt: skip
def test_a_number_that_is_far_too_long_is_refused_alone(lumiere: Lumiere, number: str, rule: str) -> None:
    report = lumiere.customers([number, "01/03/2026", "Nobody"], ALICE)
    assert (report["state"], counts(report)) == ("settled", {"created": 1, "rejected": 1})
    assert (rules(report), report["findings"][0]["place"]) == ([rule], "line 2, number")


def test_a_file_that_was_cut_off_has_done_nothing(lumiere: Lumiere) -> None:
    report = lumiere.drop(customer_file([ALICE, BOB])[:-30])
    assert (report["state"], rules(report)) == ("rejected", ["CSV-TRUNCATED"])
    with lumiere.store.reading() as session:
        assert session.scalars(select(CustomerAccount)).all() == []


def test_json_needs_no_profile(lumiere: Lumiere) -> None:
    alice = {"number": "C-ALICE", "names": ["Alice Martin"], "as_of": "2026-03-02T10:00:00Z"}
    report = lumiere.drop(json.dumps({"customers": [alice]}).encode(), "export.json")
    assert (report["format"], counts(report)) == ("customers, JSON", {"created": 1})
    report = lumiere.drop(json.dumps([alice]).encode(), "Clients-2026-03.json")
    assert counts(report) == {"unchanged": 1}


def crowd(count: int, as_of: str = "01/03/2026", city: str = "Nantes", **last: str) -> list[list[str]]:
    tail = ["", "", "", last.get("closed", ""), "", ""]
    return [
        [f"C-{n:03}", as_of, f"Dominique Nom{n}", f"{n} rue Neuve", "44000", city, *tail] for n in range(1, count + 1)
    ]


@pytest.mark.parametrize(
    ("rows", "rule"),
    [
        (crowd(30, "02/03/2026", "Brest"), "CUSTOMERS-MOVED"),
        (crowd(30, "02/03/2026", closed="28/02/2026"), "CUSTOMERS-CLOSED"),
        (crowd(20, "02/03/2026"), "CUSTOMERS-SHORTER"),
        ([[row[0], "02/03/2026", "Somebody Else", *row[3:]] for row in crowd(30)], "CUSTOMERS-RENAMED"),
    ],
    ids=["moved", "closed", "shorter", "renamed"],
)
def test_a_file_unlike_any_customer_file_waits_for_a_person(
    lumiere: Lumiere, clock: Clock, rows: list[list[str]], rule: str
) -> None:
    lumiere.customers(*crowd(30))
    report = lumiere.customers(*rows)
    assert (report["state"], rules(report)) == ("held", [rule])
    assert lumiere.account("C-007").postal_address.city == "Nantes"
    with lumiere.store.writing() as session:
        feed = session.get_one(Feed, report["feed"])
        assert decide_feed(session, feed, "release", "anne@lumiere.example", "a merger", clock())
    lumiere.work(clock())
    assert lumiere.report(report["feed"])["state"] == "settled"
    assert lumiere.is_sound()


def test_two_accounts_of_a_joined_question_are_one_customer(lumiere: Lumiere) -> None:
    """What was said of both is known of the one."""
    lumiere.customers([*CHARLIE, "", "charlie@example.org"])
    lumiere.customers(["C-CHARLIE", "03/03/2026", "Charlie Roux", "2 rue du Lac", "74000", "Annecy", "", "", "oui"])
    with lumiere.store.writing() as session:
        [question] = waiting_questions(session)
        verdict = QuestionDecision("same", "anne@lumiere.example", "she married and moved", lumiere.clock())
        assert decide_question(session, question.id, verdict).answer == "done"
    known = lumiere.known("C-CHARLIE")
    assert (known.names, known.email, known.paper_by_right) == (("Charlie Roux",), "charlie@example.org", "yes")
    lumiere.clock.forward(days=1)
    report = lumiere.customers(["C-CHARLIE", "04/03/2026", "Charlie Roux", "", "", "", "", "roux@example.org"])
    assert counts(report) == {"changed": 1}
    assert lumiere.known("C-CHARLIE").email == "roux@example.org"


def test_a_file_in_another_encoding_is_told_by_that(lumiere: Lumiere) -> None:
    """Its headings have accents in Windows-1252, the profile says UTF-8; it is no file of bills for that."""
    report = lumiere.drop(customer_file([ALICE, BOB]).decode().encode("cp1252"))
    assert (report["state"], report["content"], rules(report)) == ("rejected", "customers", ["CSV-ENCODING"])


def test_nobody_dies_tomorrow(lumiere: Lumiere) -> None:
    lumiere.customers(ALICE, BOB)
    dead = [["", "", "", "", day] for day in ("03/03/2026", "04/03/2026")]
    report = lumiere.customers([*ALICE, *dead[0]], [*BOB, *dead[1]])
    assert lumiere.clock() < datetime(2026, 3, 3, 23, tzinfo=UTC)
    assert (counts(report), rules(report)) == ({"changed": 1, "rejected": 1}, ["CUSTOMER-DEATH-AHEAD"])
    assert report["findings"][0]["place"] == "line 3, died_on"
    assert (lumiere.known("C-ALICE").died_on, lumiere.known("C-BOB").died_on) == (date(2026, 3, 3), None)


@pytest.mark.parametrize(
    ("zone", "midnight"), [("Europe/Paris", 22), ("Indian/Reunion", 20), ("America/Martinique", 28)]
)
def test_a_day_begins_where_the_issuer_is(store: Store, config: Config, clock: Clock, zone: str, midnight: int) -> None:
    """At 23:30 UTC it is tomorrow in Paris: the move has taken place."""
    lumiere = Lumiere(store, config, clock, f'[customers]\ntime_zone = "{zone}"\n{PROFILE}')
    lumiere.customers(ALICE)
    lumiere.customers([*moved(ALICE, "02/03/2026", "1 rue Neuve", "29200", "Brest"), "01/05/2026"])
    cities = []
    for minutes in (-30, 30):
        lumiere.work(datetime(2026, 4, 30, tzinfo=UTC) + timedelta(hours=midnight, minutes=minutes))
        cities.append(lumiere.account("C-ALICE").postal_address.city)
    assert cities == ["Nantes", "Brest"]


def stay(number: str, city: str, begins: str, ends: str) -> bytes:
    address = {"line1": "1 rue Neuve", "postcode": "29200", "city": city, "from": begins, "until": ends}
    said = {"number": "C-ALICE", "as_of": f"2026-03-0{number}T08:00:00Z", "postal_address": address}
    return json.dumps({"customers": [said]}).encode()


def test_days_that_cross_are_told_and_days_within_are_not(lumiere: Lumiere) -> None:
    lumiere.customers(ALICE)
    assert rules(lumiere.drop(stay("1", "Brest", "2026-07-01", "2026-08-31"))) == []
    assert rules(lumiere.drop(stay("2", "Vannes", "2026-07-10", "2026-07-20"))) == []
    report = lumiere.drop(stay("3", "Quimper", "2026-08-15", "2026-09-30"))
    assert [(each["rule"], each["place"]) for each in report["findings"]] == [
        ("CUSTOMER-OVERLAP", "bill 1, postal_address")
    ]
    assert rules(lumiere.drop(stay("3", "Quimper", "2026-10-15", "2026-09-30"))) == ["CUSTOMER-ADDRESS"]


def changes(lumiere: Lumiere) -> list[tuple[str, str, str | None, str | None]]:
    """What was told of accounts, of which, by whom, with its day or town."""
    with lumiere.store.reading() as session:
        events = session.scalars(
            select(OutboxEvent).where(OutboxEvent.type.startswith("account.")).order_by(OutboxEvent.id)
        )
        told = [(each.type, each.data) for each in events.all()]
    return [
        (what, data["account_number"], data["actor"],
         data["address"]["city"] if "address" in data else data.get("closed_on") or data.get("died_on"))
        for what, data in told
    ]  # fmt: skip


def test_what_the_issuer_says_is_told_in_the_list_of_changes(lumiere: Lumiere) -> None:
    """A move, a closing and a death; who is known for the first time has not moved."""
    lumiere.customers(ALICE, BOB, CHARLIE)
    assert changes(lumiere) == []
    lumiere.customers(
        moved(ALICE, "02/03/2026", "1 rue Neuve", "29200", "Brest"),
        [*BOB[:1], "02/03/2026", *BOB[2:], "", "", "", "31/03/2026"],
        [*CHARLIE[:1], "02/03/2026", *CHARLIE[2:], "", "", "", "", "28/02/2026"],
    )
    assert changes(lumiere) == [
        ("account.moved", "C-ALICE", "issuer", "Brest"),
        ("account.closed", "C-BOB", "issuer", "2026-03-31"),
        ("account.deceased", "C-CHARLIE", "issuer", "2026-02-28"),
    ]
    lumiere.drop(b'{"customers": [{"number": "C-CHARLIE", "died_on": null}]}')
    assert changes(lumiere)[3:] == [("account.deceased", "C-CHARLIE", "issuer", None)]


def test_a_move_is_told_on_its_day_and_a_bill_tells_one(lumiere: Lumiere) -> None:
    lumiere.customers(ALICE, BOB)
    lumiere.customers([*moved(ALICE, "02/03/2026", "1 rue Neuve", "29200", "Brest"), "01/05/2026"])
    assert changes(lumiere) == []
    lumiere.work(datetime(2026, 5, 1, 6, tzinfo=UTC))
    lumiere.bills(("L-1", "C-BOB"), person=("Bob Le Goff", "8 place du Marché", "35000", "Rennes"), issued="2026-05-01")
    lumiere.bills(("L-2", "C-BOB"), person=("BOB LE GOFF", "8, pl. du Marché", "35000", "RENNES"), issued="2026-05-02")
    assert changes(lumiere) == [
        ("account.moved", "C-ALICE", "issuer", "Brest"), ("account.moved", "C-BOB", "issuer", "Rennes"),
    ]  # fmt: skip


@pytest.mark.parametrize(("minutes", "outcome"), [(10, "changed"), (20, "rejected")])
def test_a_clock_that_is_ahead_does_not_keep_out_what_follows(lumiere: Lumiere, minutes: int, outcome: str) -> None:
    lumiere.customers(ALICE)
    ahead = lumiere.clock() + timedelta(minutes=minutes)
    said = {"number": "C-ALICE", "as_of": ahead.isoformat(), "phone": "0240000001"}
    report = lumiere.drop(json.dumps({"customers": [said]}).encode())
    assert counts(report) == {outcome: 1}
    lumiere.clock.forward(minutes=16)
    later = said | {"as_of": lumiere.clock().isoformat(), "phone": "0240000002"}
    lumiere.drop(json.dumps({"customers": [later]}).encode())
    assert lumiere.known("C-ALICE").phone == "0240000002"


def test_one_account_has_no_addresses_without_end(store: Store, config: Config, clock: Clock) -> None:
    """Each says that it is moved to on another day to come: what is kept of one account is bounded."""
    lumiere = Lumiere(store, config, clock, f"{PROFILE}\n[customers.limits]\non = false\n")
    lumiere.customers(ALICE)
    said = [
        {
            "number": "C-ALICE", "as_of": f"2026-03-02T08:{n // 60:02}:{n % 60:02}Z",
            "postal_address": {"line1": f"{n} rue Neuve", "postcode": "29200", "city": "Brest",
                               "from": f"2{n + 100}-01-01"},
        }
        for n in range(60)
    ]  # fmt: skip
    report = lumiere.drop(json.dumps({"customers": said}).encode())
    assert rules(report).count("CUSTOMER-ADDRESSES") == counts(report)["rejected"] == 61 - MOST_STATEMENTS
    assert len(lumiere.known("C-ALICE").postal_address) <= MOST_STATEMENTS
