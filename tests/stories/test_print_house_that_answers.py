"""Two print houses, one of them behind SFTP: letters are lost, doubled and brought back, and a server is down.
Each loop is closed: nobody gets a second letter by guess, and nobody's letter is forgotten."""

import io
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from sqlalchemy import select

import delivery
from audit.print_reconciliation import BatchReconciliation, reconcile
from audit.run_all_checks import check
from cli.main import main
from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from delivery.channels.paper.print_manifest import PrintManifest
from demo.people.simulated_print_house import simulate
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from pipeline.steps.print_batches import PrintBatches
from store import Store
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.print_batch import PrintBatch
from tests.delivery.channels.paper.print_houses.sftp_print_house import SftpPrintHouse, serving
from tests.sample_feeds import batch, ubl

pytestmark = pytest.mark.beside_any_database

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
DAY = timedelta(days=1)
HOUSES = """
[houses.main]
[houses.liege.takes]
issuers = ["eaux"]
[houses.liege.sftp]
url = "sftp://facteur@127.0.0.1:{port}/lots"
host_keys = ["{host_key}"]
key_file = "print_key"
"""


@pytest.fixture
def liege(tmp_path: Path) -> Iterator[SftpPrintHouse]:
    with serving(tmp_path) as house:
        yield house


class Town:
    """Lumière and Eaux, each with letters to Alice and Bob; Liège prints those of Eaux."""

    def __init__(self, store: Store, config: Config, liege: SftpPrintHouse, port: int | None = None) -> None:
        self.store, self.liege = store, liege
        path = liege.key_file.parent / "houses.toml"
        path.write_text(HOUSES.format(port=port or liege.port, host_key=liege.access().host_keys[0]))
        self.config = msgspec.structs.replace(config, print_house=path)
        self.pipeline = Pipeline(store, self.config, SmtpClient("smtp://127.0.0.1:9", config.sender))
        self.houses = self.pipeline.context.houses

    def post_bills(self) -> None:
        for slug, name, numbers in (("lumiere", "Lumière", "L"), ("eaux", "Eaux du Val", "E")):
            with self.store.writing() as session:
                issuer = add_issuer(session, slug, name, NOW)
            bills = [ubl(f"{numbers}-1", "C-ALICE", seller=name), ubl(f"{numbers}-2", "C-BOB", seller=name)]
            drop_feed(self.store, issuer, io.BytesIO(batch(bills)), f"{slug}.xml", "cli", NOW)
        self.pipeline.work_until_idle(NOW)

    def batch(self, house: str) -> PrintBatch:
        """The house's latest batch."""
        with self.store.reading() as session:
            query = select(PrintBatch).where(PrintBatch.house == house).order_by(PrintBatch.id.desc())
            return session.scalars(query.limit(1)).one()

    def letters(self, number: str) -> list[tuple[str, str]]:
        with self.store.reading() as session:
            query = select(Delivery.purpose, Delivery.state).join(BillRow, BillRow.id == Delivery.bill_id)
            mine = (BillRow.number == number, Delivery.channel == "paper")
            return [row._tuple() for row in session.execute(query.where(*mine).order_by(Delivery.id))]

    def answer(self, house: str, folder: Path, **said: Any) -> None:
        (folder / f"{self.batch(house).name}.ack.json").write_text(json.dumps(said))

    def figures(self, house: str) -> BatchReconciliation:
        batch_id = self.batch(house).id
        with self.store.reading() as session:
            return reconcile(session, batch_id)

    def broken(self, now: datetime) -> set[str]:
        found = check(self.store, now, houses=self.houses, calendar=self.houses.planning_calendar).invariants
        return {name for name, rows in found.items() if rows} - {"tasks_overdue", "workers_silent"}


@pytest.fixture
def town(store: Store, config: Config, liege: SftpPrintHouse) -> Town:
    town = Town(store, config, liege)
    town.post_bills()
    assert town.pipeline.close_batch(NOW) == 2
    return town


@pytest.fixture
def facteur(config: Config, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, list[Any]]]:
    """Runs a verb; its exit code, and what it says on stdout."""

    def run(town: Town, *arguments: str) -> tuple[int, list[Any]]:
        secret = config.home / "its-secret"
        secret.write_bytes(config.secret)
        for name, value in (
            ("HOME", config.home), ("DATABASE_URL", config.database_url), ("SECRET_FILE", secret),
            ("PRINT_HOUSE", town.config.print_house),
        ):  # fmt: skip
            monkeypatch.setenv(f"FACTEUR_{name}", str(value))
        done = CliRunner().invoke(main, arguments)
        return done.exit_code, done.stdout.splitlines()

    return run


def test_a_letter_that_is_lost_in_the_house_is_printed_again(town: Town, liege: SftpPrintHouse) -> None:
    """Liège takes its lot by SFTP, says that one set could not be printed, and gets it again."""
    first = town.batch("liege")
    arrived = sorted(path.name for path in liege.lots.iterdir())
    assert arrived == [f"{first.name}-1.pdf", f"{first.name}.json"]
    town.answer("liege", liege.lots, letters=1, sheets=1, missing=[2])
    town.pipeline.work_until_idle(NOW + DAY)
    assert town.figures("liege") == BatchReconciliation(0, 0, 0, 0, 0), "the letter waits in the next batch"
    assert town.pipeline.close_batch(NOW + DAY) == 1
    town.answer("liege", liege.lots, letters=1, sheets=1)
    town.pipeline.work_until_idle(NOW + DAY)
    assert sorted([*town.letters("E-1"), *town.letters("E-2")]) == [
        ("print", "delivered"), ("print", "failed"), ("print-2", "delivered"),
    ]  # fmt: skip
    assert town.broken(NOW + DAY) == set()


def test_a_lot_that_was_printed_twice_is_a_persons_to_settle(
    town: Town, facteur: Callable[..., tuple[int, list[Any]]]
) -> None:
    lot = town.batch("main")
    town.answer("main", town.config.outbox, letters=4, sheets=4)
    town.pipeline.work_until_idle(NOW + DAY)
    assert town.broken(NOW + DAY) == {"batches_disputed"}
    assert town.letters("L-1") == town.letters("L-2") == [("print", "sent")], "nobody gets another letter"
    settled = ("print", "settle", str(lot.id), "--by", "olga@facteur.example", "--reason", "un doublon, regretté")
    assert facteur(town, *settled)[0] == 0
    assert facteur(town, *settled)[0] == 1
    assert town.letters("L-1") == town.letters("L-2") == [("print", "delivered")]
    assert town.broken(NOW + DAY) == set()


def test_a_letter_that_the_post_brings_back_is_counted_and_held(town: Town) -> None:
    town.answer("main", town.config.outbox, letters=2, sheets=2)
    town.pipeline.work_until_idle(NOW + DAY)
    with town.store.writing() as session:
        letter = session.scalars(select(Delivery).where(Delivery.batch_id == town.batch("main").id)).first()
        assert letter is not None
        assert delivery.letter_returned(session, letter.id, "unknown", NOW + 3 * DAY, "print house") == "recorded"
    assert town.figures("main") == BatchReconciliation(handed_over=2, printed=2, missing=0, unheard=0, returned=1)
    town.pipeline.work_until_idle(NOW + 3 * DAY)
    assert sorted([*town.letters("L-1"), *town.letters("L-2")]) == [("print", "delivered"), ("print", "failed")]
    assert "letters_unacknowledged" in town.broken(NOW + 4 * DAY), "Liège has never answered"
    assert town.letters("E-1") == [("print", "sent")]


def test_a_house_that_is_down_keeps_no_other_waiting(store: Store, config: Config, liege: SftpPrintHouse) -> None:
    """Liège refuses connections at the cut-off: its letters wait, the others go. When it is back they go too, once."""
    town = Town(store, config, liege, port=9)
    town.post_bills()
    assert town.pipeline.close_batch(NOW) == 1
    assert (town.batch("main").state, town.batch("liege").state) == ("handed_over", "closed")
    waiting = town.batch("liege")
    assert (waiting.attempts, waiting.setbacks) == (0, 1), "nobody is blamed"
    assert town.letters("E-1") == [("print", "attempting")]
    assert "batches_late" in town.broken(waiting.cut_off_at + timedelta(hours=2))
    again = Town(store, config, liege)
    again.pipeline.work_until_idle(NOW + timedelta(hours=1))
    assert town.batch("liege").state == "handed_over"
    assert len(list(liege.lots.glob("*.json"))) == 1
    assert len(list((config.home / "outbox-liege").glob("lot-*.json"))) == 1, (
        "what was composed is carried, not made anew"
    )


class _Hanging:
    """A way to a print house whose server accepts a connection and says nothing more."""

    def carry(self, outbox: Path, manifest: PrintManifest) -> Iterator[None]:
        while True:
            yield

    def fetch(self, outbox: Path) -> int:
        return 0


def test_a_house_that_hangs_keeps_no_other_waiting(store: Store, config: Config, liege: SftpPrintHouse) -> None:
    town = Town(store, config, liege)
    town.post_bills()
    context, houses = town.pipeline.context, town.houses
    context.print_rooms["liege"] = msgspec.structs.replace(context.print_rooms["liege"], carrier=_Hanging())
    with store.writing() as session:
        while delivery.join_batch(session, NOW, houses) or delivery.close_batch(session, NOW, True, houses):
            pass
    printing = PrintBatches(context, 0.0)
    for _ in range(30):
        printing.turn(NOW)
    assert (town.batch("main").state, town.batch("liege").state) == ("handed_over", "closed")
    printing.stop()
    assert town.batch("liege").attempts == 0


def test_the_print_house_for_tests_does_what_the_seed_says(
    town: Town, facteur: Callable[..., tuple[int, list[Any]]], tmp_path: Path
) -> None:
    assert facteur(town, "printhouse", "simulate", "--house", "nantes")[0] == 1
    assert facteur(town, "printhouse", "simulate", "--seed", "x")[0] == 2
    expected = []
    for slug, outbox in town.houses.outboxes.items():
        copy = tmp_path / f"copy-{slug}"
        copytree(outbox, copy)
        lots = json.loads(msgspec.json.encode(simulate(copy, 6, NOW).lots))
        expected += [{"house": slug, **each} for each in lots]
    code, lines = facteur(town, "printhouse", "simulate", "--seed", "6", "--house", "liege", "--json")
    code, more = facteur(town, "printhouse", "simulate", "--seed", "6", "--json")
    assert [json.loads(line) for line in [*more, *lines]] == expected
    assert code == 0
    assert {each["deed"] for each in expected} == {"missing", "answered_twice"}, "this seed is worth its test"
    town.pipeline.work_until_idle(NOW + DAY)
    assert (town.batch("main").state, town.batch("liege").state) == ("disputed", "open")
