"""Several workers on PostgreSQL: facts and templates are written by all of them at once, and nobody stumbles."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

import adoption
from audit.run_all_checks import check
from config import Config
from consumers.leave_account import leave_account
from consumers.paperless_consent import back_to_paper
from delivery.channels.email.smtp.smtp_client import SmtpClient
from doors.feed_drop import drop_feed
from issuers.registry import add_issuer
from pipeline.compiled_templates import CompiledTemplates
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.accounts.consent import Consent
from store.accounts.consumer import Consumer, holders_of
from store.accounts.customer_account import CustomerAccount
from store.delivery import Delivery
from tests.adoption.sample_accounts import World
from tests.sample_feeds import batch, ubl

NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


def at_once(work: Callable[[], object]) -> list[BaseException]:
    """What four workers raise who do this together."""
    raised: list[BaseException] = []
    begin = threading.Barrier(4)

    def go() -> None:
        begin.wait()
        try:
            work()
        except BaseException as error:
            raised.append(error)

    workers = [threading.Thread(target=go) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return raised


def test_four_workers_measure_and_compile_at_once(store: Store, config: Config, database: str) -> None:
    if database == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    with store.writing() as session:
        issuer = add_issuer(session, "alice", "Alice", NOW)
    drop_feed(store, issuer, BytesIO(batch([ubl("A-1")])), "alice.xml", "cli", NOW)
    assert at_once(lambda: CompiledTemplates(store).of(issuer, NOW)) == []
    assert at_once(lambda: CompiledTemplates(store).without_a_byte(issuer, NOW)) == []
    Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender)).work_until_idle(NOW)
    assert at_once(lambda: [adoption.measure(store, NOW) for _ in range(10)]) == []


def test_letters_join_while_batches_are_closed_and_handed_over(store: Store, config: Config, database: str) -> None:
    """Operators close the batch by hand while letters become ready: each letter is in one lot, and every lot goes."""
    if database == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    pipelines = [Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender)) for _ in range(4)]
    with store.writing() as session:
        issuer = add_issuer(session, "alice", "Alice", NOW)
    feed = batch(ubl(f"A-{n}", f"C-{n}") for n in range(60))
    drop_feed(store, issuer, BytesIO(feed), "alice.xml", "cli", NOW)
    pipelines[0].read(NOW)
    pipelines[0].work_feed(1, NOW)
    with store.writing() as session:
        session.execute(update(Delivery).where(Delivery.channel == "paper").values(due_at=NOW + timedelta(days=1)))
    raised: list[BaseException] = []

    def make_ready() -> None:
        for n in range(1, 61):
            with store.writing() as session:
                session.execute(
                    update(Delivery).where(Delivery.id == n, Delivery.channel == "paper").values(due_at=NOW)
                )
            time.sleep(0.01)

    def close(pipeline: Pipeline) -> None:
        try:
            for _ in range(12):
                pipeline.close_batch(NOW)
        except BaseException as error:
            raised.append(error)

    acts = [
        threading.Thread(target=make_ready),
        *(threading.Thread(target=close, args=(pipeline,)) for pipeline in pipelines),
    ]
    for act in acts:
        act.start()
    for act in acts:
        act.join()
    assert raised == []
    while pipelines[0].close_batch(NOW):
        pass
    posted = _posted(config)
    assert len(posted) == 60
    assert set(posted.values()) == {1}
    assert not any(check(store).invariants.values())


def _posted(config: Config) -> Counter[str]:
    """How often each bill lies in the outbox."""
    manifests = [json.loads(path.read_text()) for path in config.outbox.glob("lot-*.json")]
    return Counter(piece["bill"] for manifest in manifests for piece in manifest["pieces"])


def test_of_two_holders_who_leave_at_once_one_is_the_last(
    store: Store, config: Config, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody would see the bills of an account that both believe the other still holds: it is on paper again."""
    if database == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    account_id, people = _two_holders(store)
    left = threading.Barrier(2)

    def look(session: Session, account_ids: list[int]) -> dict[int, list[Consumer]]:
        with suppress(threading.BrokenBarrierError):
            left.wait(1)  # until the other has left, too, if that may be
        return holders_of(session, account_ids)

    monkeypatch.setattr("consumers.leave_account.holders_of", look)
    assert _both(store, account_id, people, leave_account) == [True, True]
    with store.reading() as session:
        assert holders_of(session, [account_id]) == {}
        assert not session.get_one(CustomerAccount, account_id).paperless


def test_of_two_holders_who_want_paper_at_once_one_is_heard(store: Store, config: Config, database: str) -> None:
    """The other asks for what is so already: one consent stands."""
    if database == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    account_id, people = _two_holders(store)
    assert sorted(_both(store, account_id, people, back_to_paper)) == [False, True]
    with store.reading() as session:
        assert session.scalars(select(Consent.act).where(Consent.account_id == account_id)).all() == ["paper"]


def _two_holders(store: Store) -> tuple[int, list[int]]:
    """An account without paper that Alice and Bob hold, and their ids."""
    with store.writing() as session:
        world = World(session)
        account = world.account(world.issuer("lumiere"), "PDL-1")
        account.paperless = True
        for name in ("Alice", "Bob"):
            world.holds(world.consumer(name), account, NOW.date())
        return account.id, [each.id for each in holders_of(session, [account.id])[account.id]]


Act = Callable[[Session, CustomerAccount, Consumer, datetime], bool]


def _both(store: Store, account_id: int, people: list[int], act: Act) -> list[bool]:
    """What each is answered when both act, having looked at the account at once."""
    looked = threading.Barrier(2)

    def go(consumer_id: int) -> bool:
        with store.writing() as session:
            account, consumer = session.get_one(CustomerAccount, account_id), session.get_one(Consumer, consumer_id)
            looked.wait()
            return act(session, account, consumer, NOW)

    with ThreadPoolExecutor(2) as both:
        return list(both.map(go, people))
