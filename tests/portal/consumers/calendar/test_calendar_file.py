"""Alice's due dates in her calendar: she makes the secret address, her program reads it, and what changes is told."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from bill import Instalment
from portal.access import rate_limiting
from portal.consumers.calendar import calendar_file
from store import Store
from store.accounts.consumer import Consumer, end_holding
from store.bills.bill import BillRow
from store.db.event import events_of
from store.secret_addresses.secret_address import address_of, end_address, renew_address, secret_of
from store.vault.key_ring import KeyRing
from tests.conftest import Clock
from tests.portal.conftest import Browser
from tests.portal.consumers.calendar.strict_icalendar import content_lines, read_calendar
from tests.portal.sample_town import DIRECT_DEBIT, World, a_bill

pytestmark = pytest.mark.beside_any_database

NewBrowser = Callable[[], Browser]


class AliceAndHerBills:
    """Alice holds two contracts: electricity that she pays by hand, a telephone that is collected."""

    def __init__(self, world: World, app: Flask) -> None:
        self.world, self.store = world, world.store
        self.lumiere, self.mobile = (
            world.issuer("lumiere", "Lumière; de l’Ouest, SA"),
            world.issuer("mobile", "Mobile+"),
        )
        issued = world.today - timedelta(days=3)
        thirds = tuple(Instalment(amount=Decimal(28), due=issued + timedelta(days=30 * n)) for n in (1, 2, 3))
        self.bills = world.drop(
            self.lumiere, [a_bill("LO-1", "C-1001", issued), a_bill("LO-3", "C-1001", issued, instalments=thirds)]
        ) | world.drop(self.mobile, [a_bill("M-1", "0612", issued, "16.66", payment=DIRECT_DEBIT)])
        self.alice = world.consumer("Alice Martin", holds={self.lumiere: "C-1001", self.mobile: "0612"})
        self.client: FlaskClient = app.test_client()
        with self.store.writing() as session:
            address = renew_address(session, self.store.keys, self.alice.id, "calendar", world.now)
            self.secret = secret_of(self.store.keys, address) or ""

    def read(self) -> dict[str, icalendar.Event]:
        answer = self.client.get(f"/calendrier/{self.secret}.ics")
        assert answer.status_code == 200
        return read_calendar(answer.data)

    def event(self, number: str, part: int = 0) -> icalendar.Event:
        return self.read()[f"{self.bills[number].uid}-{part}@facteur"]

    def change(self, number: str, **values: object) -> None:
        with self.store.writing() as session:
            session.execute(update(BillRow).where(BillRow.id == self.bills[number].id).values(**values))


@pytest.fixture
def town(world: World, app: Flask) -> AliceAndHerBills:
    return AliceAndHerBills(world, app)


def test_every_due_date_is_an_event_of_a_whole_day(town: AliceAndHerBills) -> None:
    answer = town.client.get(f"/calendrier/{town.secret}.ics")
    lines = content_lines(answer.data)
    assert {"NAME;LANGUAGE=fr:Échéances de mes factures", "REFRESH-INTERVAL;VALUE=DURATION:PT6H"} <= set(lines)
    events = town.read()
    assert len(events) == 1 + 3 + 1
    bill = town.bills["LO-1"]
    one = events[f"{bill.uid}-0@facteur"]
    assert one["DTSTART"].dt == bill.due_date
    assert one["DTSTART"].params["VALUE"] == "DATE"
    assert one["SUMMARY"] == "Lumière; de l’Ouest, SA\N{NO-BREAK SPACE}: 84,00\N{NO-BREAK SPACE}€ à payer"
    assert (one["STATUS"], one["SEQUENCE"]) == ("CONFIRMED", 0)
    assert one["URL"].endswith(f"/factures/{bill.uid}")
    thirds = [events[f"{town.bills['LO-3'].uid}-{n}@facteur"]["DTSTART"].dt for n in (0, 1, 2)]
    assert thirds == [bill.issue_date + timedelta(days=30 * n) for n in (1, 2, 3)]
    assert events[f"{town.bills['M-1'].uid}-0@facteur"]["SUMMARY"].endswith("prélevés")


def test_what_is_paid_is_cancelled_and_its_sequence_never_falls(town: AliceAndHerBills) -> None:
    assert town.event("LO-1")["SEQUENCE"] == 0
    town.change("LO-1", said_paid_at=town.world.now)
    paid = town.event("LO-1")
    assert (paid["STATUS"], paid["SEQUENCE"]) == ("CANCELLED", 1)
    assert town.event("LO-1")["SEQUENCE"] == 1  # read again, nothing changed
    town.change("LO-1", said_paid_at=None)
    again = town.event("LO-1")
    assert (again["STATUS"], again["SEQUENCE"]) == ("CONFIRMED", 2)
    town.change("LO-1", due_date=date(2026, 9, 1), payable=Decimal("12.00"))
    moved = town.event("LO-1")
    assert (moved["DTSTART"].dt, moved["SEQUENCE"]) == (date(2026, 9, 1), 3)
    assert "12,00" in moved["SUMMARY"]


def test_the_first_instalment_is_paid(town: AliceAndHerBills) -> None:
    town.read()
    town.change("LO-3", said_paid_at=town.world.now, said_paid=Decimal(28))
    assert [town.event("LO-3", n)["STATUS"] for n in (0, 1, 2)] == ["CANCELLED", "CONFIRMED", "CONFIRMED"]
    assert [town.event("LO-3", n)["SEQUENCE"] for n in (0, 1, 2)] == [1, 0, 0]


def test_a_recalled_bill_is_cancelled_where_it_was_told(town: AliceAndHerBills) -> None:
    town.read()
    town.change("LO-1", state="recalled")
    assert town.event("LO-1")["STATUS"] == "CANCELLED"


def test_a_bill_that_was_never_asked_is_not_cancelled(town: AliceAndHerBills) -> None:
    town.change("LO-1", said_paid_at=town.world.now)
    assert f"{town.bills['LO-1'].uid}-0@facteur" not in town.read()


def test_who_leaves_a_contract_sees_nothing_of_it(town: AliceAndHerBills, clock: Clock) -> None:
    town.read()
    with town.store.writing() as session:
        end_holding(session, town.alice.id, town.bills["LO-1"].account_id, clock())
    assert list(town.read()) == [f"{town.bills['M-1'].uid}-0@facteur"]


def test_no_cookie_and_no_second_copy_on_the_way(town: AliceAndHerBills, browser: NewBrowser) -> None:
    hers = browser()
    hers.sign_in(town.alice)
    path = f"/calendrier/{town.secret}.ics"
    answer = hers.client.get(path)
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, max-age=900"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    known = hers.client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (known.status_code, known.data) == (304, b"")
    town.change("LO-1", said_paid_at=town.world.now)
    assert hers.client.get(path, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 200


def test_an_ended_address_looks_like_one_that_never_was(town: AliceAndHerBills, clock: Clock) -> None:
    with town.store.writing() as session:
        end_address(session, town.alice.id, "calendar", clock())
    secrets = (town.secret, "a" * 26, "a", "\N{LATIN SMALL LETTER E WITH ACUTE}" * 300)
    answers = [town.client.get(f"/calendrier/{each}.ics") for each in secrets]
    assert {(each.status_code, each.data, str(each.headers)) for each in answers} == {
        (404, b"", str(answers[0].headers))
    }


def test_who_asks_too_often_waits(town: AliceAndHerBills, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calendar_file, "LIMIT", "2/hour")
    rate_limiting.rate.cache_clear()
    codes = [town.client.get("/calendrier/guess.ics").status_code for _ in range(3)]
    assert codes == [404, 404, 429]


def test_she_makes_shows_renews_and_ends_it(town: AliceAndHerBills, browser: NewBrowser) -> None:
    hers = browser()
    hers.sign_in(town.alice)
    assert town.secret in hers.get("/calendrier").text
    renewed = hers.post("/calendrier").text
    assert town.secret not in renewed
    assert town.client.get(f"/calendrier/{town.secret}.ics").status_code == 404
    hers.post("/calendrier/fin")
    assert "Créer mon calendrier" in hers.post("/calendrier/fin").text
    assert "/calendrier/" in hers.post("/calendrier").text
    with town.store.reading() as session:
        told = [each.what for each in events_of(session, "consumer", town.alice.id)]
    assert told[-4:] == [
        "secret address made: calendar", "secret address made: calendar", "secret address ended: calendar",
        "secret address made: calendar",
    ]  # fmt: skip


def test_a_replaced_root_goes_on_opening_but_shows_no_address(town: AliceAndHerBills, store: Store) -> None:
    store.keys = KeyRing(b"another secret of this installation")
    assert len(town.read()) == 5
    with store.reading() as session:
        address = address_of(session, town.alice.id, "calendar")
    assert address is not None
    assert secret_of(store.keys, address) is None


def test_in_the_language_of_the_person(world: World, app: Flask, town: AliceAndHerBills) -> None:
    charlie: Consumer = world.consumer("Charlie Brown", holds={town.mobile: "0612"}, language="en")
    with world.store.writing() as session:
        secret = secret_of(
            world.store.keys, renew_address(session, world.store.keys, charlie.id, "calendar", world.now)
        )
    answer = app.test_client().get(f"/calendrier/{secret}.ics")
    assert "NAME;LANGUAGE=en:Due dates of my bills" in content_lines(answer.data)
