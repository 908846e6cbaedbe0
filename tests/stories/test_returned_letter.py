"""Georges moves and tells nobody. The post brings his letter back, the print house says so, and he is asked on line;
his new address lets the returned bill and the next one go, and the bills that still bear the old one follow."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final

import pytest
from sqlalchemy import select

from audit.silent_bills import silent_bill_sample
from bill import PostalAddress
from config import Config
from delivery.calendar.postal_calendar import Calendar
from delivery.channels.paper.held_letters import held_letters
from delivery.channels.paper.vanished_print_files import ALL_THERE
from delivery.stated_moves import state_move
from store import Store
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.outbox.outbox_event import OutboxEvent
from tests.sample_feeds import ubl
from tests.stories.lumiere_and_its_people import Lumiere
from tests.stories.test_credited_bill import facteur

GEORGES: Final = ("Georges Petit", "2 rue Haute", "29200", "Brest")
MAIL: Final = "georges@example.org"
QUIMPER: Final = PostalAddress(line1="40 rue Loin", postcode="29000", city="Quimper", country="FR")


@pytest.fixture
def lumiere(store: Store, config: Config) -> Iterator[Lumiere]:
    with Lumiere.opened(store, config, on(1, 2)) as opened:
        yield opened


def on(month: int, day: int, hour: int = 8) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def bill_comes(lumiere: Lumiere, month: int) -> None:
    lumiere.until(on(month, 2))
    issued, due = f"2026-{month:02}-01", f"2026-{month:02}-28"
    lumiere.bills(f"bills-{month}", [ubl(f"G-{month}", "C-GEORGES", issued=issued, due=due, person=GEORGES)])


def post_brings_back(lumiere: Lumiere, number: str) -> None:
    """The print house writes its file beside the lot; the pipeline reads it."""
    for path in lumiere.config.outbox.glob("lot-*.json"):
        manifest = json.loads(path.read_text()) if path.suffixes == [".json"] else {"pieces": []}
        back = [{"n": each["n"], "reason": "NPAI"} for each in manifest["pieces"] if each["bill"] == number]
        if back:
            path.with_suffix(".returned.json").write_text(json.dumps({"returned": back}))
    lumiere.work(lumiere.now)


def towns(lumiere: Lumiere) -> list[tuple[str, str]]:
    """Bill and postcode of each letter that was handed over, in their order."""
    lots = sorted(path for path in lumiere.config.outbox.glob("lot-*.json") if path.suffixes == [".json"])
    return [(each["bill"], each["postcode"]) for path in lots for each in json.loads(path.read_text())["pieces"]]


def listed(config: Config) -> dict[str, str]:
    [account] = map(json.loads, facteur(config, "account", "list", "--json").stdout.splitlines())
    return {name: account[name] for name in ("relationship", "channel")}


def silent(lumiere: Lumiere) -> int:
    with lumiere.store.reading() as session:
        return silent_bill_sample(session, lumiere.now, Calendar(), ALL_THERE).number


def test_georges_moves(lumiere: Lumiere, config: Config) -> None:
    bill_comes(lumiere, 1)
    lumiere.until(on(1, 20))
    georges = lumiere.signs_up(MAIL, GEORGES[0], "C-GEORGES", "G-1")
    bill_comes(lumiere, 2)
    lumiere.until(on(2, 12))
    post_brings_back(lumiere, "G-2")
    lumiere.work(lumiere.now)  # told again by each round of the print house: nothing more
    assert [each.subject for each in lumiere.mails(MAIL)] == [
        "Lumière de l'Ouest : une lettre est revenue, donnez votre adresse"
    ]
    assert listed(config) == {"relationship": "MOVED", "channel": "paper"}
    bill_comes(lumiere, 3)
    lumiere.until(on(3, 5))
    assert [bill for bill, _ in towns(lumiere)] == ["G-1", "G-2"], "March's letter does not follow February's"
    with lumiere.store.reading() as session:
        assert [(each.bill.number, each.delivery.reason_code) for each in held_letters(session)] == [
            ("G-2", "letter_came_back"), ("G-3", "address_suppressed"),
        ]  # fmt: skip
    assert silent(lumiere) == 1, "nobody has answered for February's bill in three weeks"
    with lumiere.store.writing() as session:
        account = session.scalars(select(CustomerAccount)).one()
        assert state_move(session, account.id, session.get_one(Consumer, georges), QUIMPER, lumiere.now) == "applied"
    lumiere.work(lumiere.now)
    lumiere.until(on(3, 7))
    assert sorted(towns(lumiere)[2:]) == [("G-2", "29000"), ("G-3", "29000")]
    bill_comes(lumiere, 4)
    lumiere.until(on(4, 9))
    assert towns(lumiere)[4:] == [("G-4", "29000")], "the bill still bears the old address"
    assert listed(config) == {"relationship": "LINKED_DUAL", "channel": "paper"}
    with lumiere.store.reading() as session:
        told = session.scalars(select(OutboxEvent).order_by(OutboxEvent.id)).all()
        assert [each.type for each in told if each.type.startswith(("letter.", "account.m", "account.addr"))] == [
            "letter.returned", "account.move_stated", "account.address_mended",
        ]  # fmt: skip
    assert silent(lumiere) == 0
    assert json.loads(facteur(config, "check", "--json").stdout.splitlines()[0])["ok"]
