"""Letters of several issuers in one lot: each is decrypted and parsed once, and what one issuer's pages cost is bounded
for the others by counts."""

import io
import math
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

import delivery.channels.paper.print_handover
import render.print.read_letter_pages
from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from delivery.channels.paper.issuer_pdf_time_limit import (
    COSTLY_SECONDS,
    MOST_COSTLY,
    PdfTimeBudget,
    PdfTimeBudgetExceeded,
)
from delivery.channels.paper.print_outbox import manifest_named
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.feed_pipeline import Pipeline
from render.print.print_stream import PrintStream
from sandbox import Client, Died
from store import Store
from store.bills.bill import BillRow
from store.blobs.mounted_folder_check import MARK
from store.delivery import Delivery
from store.print_batch import PrintBatch
from store.vault.encryption import Encryptor
from store.vault.pdf_segment import Archive
from tests.render.print.test_foreign_pages import own_pdf
from tests.sample_feeds import batch, ubl
from tests.stories.test_poisonous_letters import POISONS

pytestmark = pytest.mark.beside_any_database

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)
LATE = datetime(2026, 3, 3, 16, 40, tzinfo=UTC)
ISSUERS = ("alice-energie", "bob-eaux", "charlie-telecom")


@pytest.fixture
def pipeline(store: Store, config: Config) -> Pipeline:
    return Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))


def letters(pipeline: Pipeline, slug: str, count: int) -> None:
    """So many letters of an issuer, `SLUG-0` to `SLUG-n`, that have joined the open batch."""
    with pipeline.store.writing() as session:
        issuer = add_issuer(session, slug, slug, NOW)
    feed = batch(ubl(f"{slug}-{n}", f"C-{n}") for n in range(count))
    drop_feed(pipeline.store, issuer, io.BytesIO(feed), f"{slug}.xml", "cli", NOW)
    pipeline.work_until_idle(NOW)


def own_pages(monkeypatch: pytest.MonkeyPatch, pages: dict[str, bytes]) -> None:
    """These bills came as their issuers' own pages."""
    real = Archive.parts

    def parts(self: Archive, row: BillRow) -> tuple[bytes, bytes]:
        return (b"", pages[row.number]) if row.number in pages else real(self, row)

    monkeypatch.setattr(Archive, "parts", parts)


def calls(monkeypatch: pytest.MonkeyPatch, thing: Any, name: str) -> list[tuple[Any, ...]]:
    """What a function was called with."""
    real, made = getattr(thing, name), []

    def spy(*arguments: Any) -> Any:
        made.append(arguments)
        return real(*arguments)

    monkeypatch.setattr(thing, name, spy)
    return made


def states(store: Store) -> dict[str, str]:
    query = select(BillRow.number, Delivery.state).join(Delivery, Delivery.bill_id == BillRow.id)
    with store.reading() as session:
        return dict(row._tuple() for row in session.execute(query.where(Delivery.channel == "paper")))


def reasons(store: Store) -> Counter[str]:
    with store.reading() as session:
        return Counter(session.scalars(select(Delivery.reason_code).where(Delivery.state == "failed")).all())


@pytest.mark.parametrize("breaks", [False, True], ids=["", "one cannot be composed"])
def test_each_archived_bill_is_decrypted_and_parsed_once(
    pipeline: Pipeline, store: Store, monkeypatch: pytest.MonkeyPatch, breaks: bool
) -> None:
    """Also when a letter breaks late, and the lot is written anew without it."""
    for slug in ISSUERS:
        letters(pipeline, slug, 4)
    own_pages(monkeypatch, {f"bob-eaux-{n}": own_pdf(2, name=f"bob {n}") for n in range(4)})
    decrypted = calls(monkeypatch, Encryptor, "decrypt")
    parsed = calls(monkeypatch, render.print.read_letter_pages, "parse_archived_bill")
    asked = calls(monkeypatch, Client, "ask")
    if breaks:
        real, times = PrintStream.add, iter(range(100))

        def add(self: PrintStream, *arguments: Any) -> int:
            if next(times) == 5:
                raise ZeroDivisionError("a mark of ours is wrong")
            return real(self, *arguments)

        monkeypatch.setattr(PrintStream, "add", add)
    pipeline.work_until_idle(LATE)
    assert Counter(states(store).values()) == ({"sent": 11, "failed": 1} if breaks else {"sent": 12})
    assert len(decrypted) == len(parsed) == 8, "of Alice's issuer and Charlie's"
    assert len(asked) == 4, "of Bob's"


def test_hostile_pages_between_good_ones_cost_their_own_letters_only(
    pipeline: Pipeline, store: Store, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    for slug in ISSUERS:
        letters(pipeline, slug, 5)
    poisons = {f"bob-eaux-{n}": poison() for n, poison in enumerate(POISONS.values())}
    good = {f"charlie-telecom-{n}": own_pdf(1, name=f"charlie {n}") for n in range(5)}
    own_pages(monkeypatch, {**poisons, "bob-eaux-4": own_pdf(1), **good})
    pipeline.work_until_idle(LATE)
    assert {number for number, state in states(store).items() if state == "failed"} == poisons.keys()
    with store.reading() as session:
        name = session.scalars(select(PrintBatch.name)).one()
    manifest = manifest_named(config.outbox, name)
    assert manifest is not None
    assert Counter(piece.issuer for piece in manifest.pieces) == {
        "alice-energie": 5,
        "bob-eaux": 1,
        "charlie-telecom": 5,
    }


def test_pages_that_kill_their_reader_are_opened_a_few_times_a_lot(
    pipeline: Pipeline, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bob's issuer sends a hundred of them; Charlie's letters lie behind them and all go."""
    count = 4 * MOST_COSTLY
    letters(pipeline, "bob-eaux", count)
    letters(pipeline, "charlie-telecom", count)
    own_pages(
        monkeypatch,
        {f"{slug}-{n}": f"{slug} {n}".encode() for slug in ("bob-eaux", "charlie-telecom") for n in range(count)},
    )
    opened: Counter[str] = Counter()
    good, real = own_pdf(1), Client.ask

    def ask(self: Client, question: tuple[Any, ...], seconds: float) -> tuple[bytes, bytes]:
        path = Path(question[0])
        slug = path.read_bytes().split()[0].decode()
        opened[slug] += 1
        if slug == "bob-eaux":
            raise Died("the worker has died of this PDF")
        path.write_bytes(good)
        return real(self, question, seconds)

    monkeypatch.setattr(Client, "ask", ask)
    pipeline.work_until_idle(LATE)
    assert opened == {"bob-eaux": MOST_COSTLY, "charlie-telecom": count}
    by_issuer = Counter((number.rpartition("-")[0], state) for number, state in states(store).items())
    assert by_issuer == {("bob-eaux", "failed"): count, ("charlie-telecom", "sent"): count}
    assert sorted(reasons(store).values()) == [MOST_COSTLY, count - MOST_COSTLY], "all held for a person, and told why"
    pipeline.work_until_idle(LATE + timedelta(days=1))
    assert opened["bob-eaux"] == MOST_COSTLY, "nobody asked for them again"


def test_patience_is_an_issuers_own_and_good_pages_cost_none() -> None:
    budget = PdfTimeBudget()
    for _ in range(1000):
        budget.record(1, COSTLY_SECONDS / 10)
        budget.check(1)
    for seconds in (math.inf, COSTLY_SECONDS + 1, math.inf, COSTLY_SECONDS + 1, math.inf):
        budget.check(2)
        budget.record(2, seconds)
    with pytest.raises(PdfTimeBudgetExceeded):
        budget.check(2)
    budget.check(1)


def test_nothing_of_the_spool_is_left_in_the_outbox(
    pipeline: Pipeline, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters(pipeline, "alice-energie", 2)
    with monkeypatch.context() as patch:
        patch.setattr(
            delivery.channels.paper.print_handover, "_write_runs", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)
        )
        with pytest.raises(KeyboardInterrupt):
            pipeline.work_until_idle(LATE)
    assert [path.name for path in config.outbox.iterdir()] == [MARK]
