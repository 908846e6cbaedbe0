"""No page says the number of a row: not in its text, its links, its forms or the names of its parts.

Rows are numbered from 7,000,000 on, each table in a range of its own, so that such a number on a page tells on the
table that it comes from.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import Table, select, text

from bill import Reason, fatal
from portal.access.route_policy import Who
from store import Store
from store.accounts.consumer import Consumer
from store.base import Base
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.feeds.feed import Feed
from store.feeds.item import keep_findings
from tests.portal.asked_questions import ask_questions
from tests.portal.conftest import Browser
from tests.portal.consumers.shared_bills.sylvies_grants import share_with
from tests.portal.entrance import open_entrances
from tests.portal.operators.heard_mails import hears_a_mail
from tests.portal.own_documents import own_documents
from tests.portal.recorded_heirs import record_heirs
from tests.portal.sample_town import World, furnish, furnish_kinds
from tests.portal.staff_office import Office
from tests.portal.test_pseudo_locale import (
    BRUNO,
    DOORS,
    Visit,
    address_of,
    archive_states,
    ask_about_first_bill,
    ask_yearly_question,
    begin_an_app,
    begin_orders,
    offer_passkeys,
    offer_provider,
    pages_for,
    pages_in_place,
    visit_one_bill,
    visit_second_factors,
    visit_staff_half_way,
)
from tests.portal.tried_samples import try_a_sample
from tests.sample_feeds import ubl

#: The lots' files, by whose names the print house is asked about them (decision 0047).
LOT = re.compile(r"lot-\d+-[0-9a-f]{12}")
ROW = re.compile(r"(?<![\d.,])7\d{6}(?![\d.,])")
FIRST, APART = 7_000_000, 10_000
#: Tables of one row, and one whose rows are numbered for issuers.
ALONE = {"public_id_key", "archive_audit", "outbox_event"}


def numbered() -> list[Table]:
    """The tables whose rows have numbers that a page could say."""
    keys = {table: [column.name for column in table.primary_key] for table in Base.metadata.sorted_tables}
    return [
        table
        for table, key in keys.items()
        if key == ["id"] and table.c.id.type.python_type is int and table.name not in ALONE
    ]


@pytest.fixture
def numbered_high(store: Store) -> Iterator[Callable[[], None]]:
    """Lets the next rows have numbers that stand out. SQLite counts on from a row that is there: call it once the
    tables have rows of their own, and it is gone."""
    firsts = {table.name: FIRST + APART * n for n, table in enumerate(numbered())}
    if not store.is_sqlite:
        with store.engine.begin() as connection:
            for name, first in firsts.items():
                connection.execute(text(f"ALTER SEQUENCE {name}_id_seq RESTART WITH {first + 1}"))
        yield lambda: None
        return
    assert store.engine.url.database is not None
    with sqlite3.connect(store.engine.url.database) as rows:
        rows.execute("PRAGMA ignore_check_constraints = ON")
        for name, first in firsts.items():
            put_first(rows, name, first)

    def forget() -> None:
        with sqlite3.connect(store.engine.url.database or "") as rows:
            for name, first in firsts.items():
                rows.execute(f"DELETE FROM {name} WHERE id = ?", [first])

    yield forget


def put_first(rows: sqlite3.Connection, name: str, first: int) -> None:
    """A row of nothing, with this number."""
    kinds = {column: kind for _, column, kind, required, *_ in rows.execute(f"PRAGMA table_info({name})") if required}
    values = {column: nothing(kind) for column, kind in kinds.items()} | {"id": first}
    blanks = ", ".join("?" * len(values))
    rows.execute(f"INSERT INTO {name} ({', '.join(values)}) VALUES ({blanks})", list(values.values()))


def nothing(kind: str) -> object:
    if kind == "JSON":
        return "{}"
    if kind == "BLOB":
        return b"\x90"  # packed: nothing of what there could be
    return "2026-01-01 00:00:00.000000" if "DATE" in kind else "" if "CHAR" in kind or kind == "TEXT" else 0


class Reader(Visit):
    """A visit that keeps pages as they are written."""

    def through(self, *doors: str) -> None:
        get = self.mine.get

        def remembering(path: str, **kwargs: object) -> object:
            answer = get(path, **kwargs)
            self.written[path] = answer.text if answer.mimetype in {"text/html", "text/csv"} else ""
            return answer

        self.mine.get = remembering  # type: ignore[method-assign, assignment]
        super().through(*doors)
        self.mine.get = get  # type: ignore[method-assign]

    def __init__(self, app: Flask, mine: Browser) -> None:
        super().__init__(app, mine)
        self.written: dict[str, str] = {}

    def row_numbers(self) -> dict[str, list[str]]:
        """What pages tell, by page: the number in its place, the table first."""
        found = {
            path: [told(match) for match in ROW.finditer(LOT.sub("", page))] for path, page in self.written.items()
        }
        return {path: numbers for path, numbers in found.items() if numbers}


def told(match: re.Match[str]) -> str:
    table = numbered()[(int(match[0]) - FIRST) // APART % len(numbered())]
    return f"{table.name}: …{match.string[max(0, match.start() - 40) : match.end() + 10]}"


def test_no_page_of_a_consumer_says_the_number_of_a_row(
    numbered_high: Callable[[], None], app: Flask, world: World, store: Store, browser: Callable[[], Browser]
) -> None:
    numbers = furnish(world)
    gaz = furnish_kinds(world)
    holds = dict(zip(numbers.values(), ("C-1001", "R-1187", "0612345678", "00412"), strict=True)) | {gaz: "G-7"}
    alice, _ = world.consumer("Alice Martin", holds=holds), world.consumer("Bob Martin", holds={gaz: "G-7"})
    ask_yearly_question(store, world.account_id(numbers["banque"], "00412"))
    numbered_high()
    assert alice.id > FIRST, "or nothing is shown"
    ask_about_first_bill(store, alice.id)
    guests = visit_one_bill(Reader, app, world, browser)
    share_with(world, alice, numbers["lumiere"], "C-1001")
    offer_provider(app)
    offer_passkeys(app)
    stranger, mine = Reader(app, browser()), Reader(app, browser())
    stranger.through(*DOORS)
    mine.mine.sign_in(alice)
    mine.through(address_of(store, "LO-12"))
    mine.through(*pages_in_place(store, alice.id))
    mine.through(*own_documents(store, alice.id, world.now))
    mine.through(*(f"/paiements/{n}" for n in begin_orders(store, numbers["lumiere"], alice.id)))
    mine.through(
        "/",
        "/contrats",
        "/profil",
        "/partages",
        "/qui-voit-mes-factures",
        "/contrats/ajouter?issuer=lumiere",
        "/?q=rien",
        "/confirmer-identite",
    )
    for state in archive_states(store, alice.id):
        mine.through(f"/emporter?{state}=1", "/emporter/factures.zip", f"/mes-donnees?{state}=1", "/mes-donnees.json")
    begin_an_app(store, alice)
    mine.through("/securite", "/securite/application", "/securite/cles/ajouter", "/profil/identites")
    zita = visit_second_factors(Reader, app, world, browser)
    found = [visit.row_numbers() for visit in (stranger, mine, zita, *guests)]
    assert found == [{}] * len(found)
    assert unvisited("consumer", mine, stranger) == set()


def test_no_page_of_the_staff_says_the_number_of_a_row(
    numbered_high: Callable[[], None], app: Flask, office: Office, staff: Callable[[str], Browser]
) -> None:
    make_busy(office)
    hears_a_mail(office)
    numbered_high()
    assert office.held > FIRST, "or nothing is shown"
    asks_a_question(office)
    heirs = record_heirs(office, "C-CHARLIE")
    open_entrances(office)
    offer_passkeys(app)
    oscar, mina = Reader(app, staff("oscar")), Reader(app, staff("mina"))
    for visit in (oscar, mina):
        visit.through("/equipe/", "/equipe/conflits", "/equipe/comptes", "/equipe/litiges", "/equipe/attente")
        visit.through(
            "/equipe/flux",
            "/equipe/lots",
            "/equipe/membres",
            "/equipe/factures?numero=K-1",
            "/equipe/factures?q=martin",
        )
        visit.through("/equipe/courriels-revenus", "/equipe/questions", "/equipe/confirmer-identite", heirs)
        visit.through("/equipe/ce-soir", "/equipe/personnes?q=martin", "/equipe/journal?tous=1")
    half = visit_staff_half_way(Reader, app, office.store, staff, oscar)
    assert oscar.row_numbers() | mina.row_numbers() | half.row_numbers() == {}
    assert unvisited("operator", oscar, mina) | unvisited("member", oscar, mina) == set()


def unvisited(who: Who, *visits: Visit) -> set[str]:
    return pages_for(who) - {endpoint for visit in visits for endpoint in visit.endpoints}


def asks_a_question(office: Office) -> None:
    """Zoé asks about a bill of Lumière's."""
    with office.store.writing() as session:
        zoe = Consumer(email="zoe@exemple.fr", name="Zoé", password_hash="", signed_up_at=office.clock(), language="fr")
        session.add(zoe)
        session.flush()
        bill = session.scalars(select(BillRow).order_by(BillRow.id)).first()
        assert bill is not None
        ask_questions(session, bill, zoe.id, office.clock())


def make_busy(office: Office) -> None:
    """Numbers that come again, an account of two people, letters that are held, and one that was printed."""
    for name, bills in (
        ("avril.xml", [ubl("K-1"), ubl("K-2", "C-BOB"), ubl("K-3", "C-CHARLIE")]),
        ("encore.xml", [ubl("K-1", net=Decimal(99)), ubl("K-2", "C-BOB", net=Decimal(5)), ubl("K-9")]),
        ("mai.xml", [ubl("K-4", person=BRUNO)]),
    ):
        office.pipeline.work_feed(office.drop(bills, name=name), office.clock())
    office.pipeline.work_until_idle(office.clock())
    office.pipeline.close_batch(office.clock())
    try_a_sample(office.store, office.lumiere.id, "mina@facteur.example", office.clock())
    with office.store.writing() as session:
        letters = session.scalars(select(Delivery).where(Delivery.channel == "paper").order_by(Delivery.id)).all()
        assert {letter.state for letter in letters} == {"sent"}
        for letter in letters[:2]:
            letter.state = "failed"
            letter.reason = Reason.of("address_incomplete", address_parts=["line1"])
        feed = session.scalars(select(Feed).where(Feed.name == "encore.xml")).one()
        sentence = (
            "bill {bill} was taken from feed {feed} with other content: send a corrected bill under a number "
            "of its own (BT-3 384), or a credit note (381)"
        )
        before = fatal("NUMBER-USED", sentence, bill="K-1", feed=str(feed.id))  # as rows from before have it
        keep_findings(session, feed.id, [(1, "K-1", before)])
