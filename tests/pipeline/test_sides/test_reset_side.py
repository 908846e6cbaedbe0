"""A reset deletes all that is on a test side, and no other row and no other blob."""

from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy import func, select

from config import Config
from doors.feed_drop import drop_feed
from issuers.test_side import open_test_side
from issuers.test_side_reset import ask_for_reset, latest_reset, progress_of
from pipeline.steps.sweep_staging_blobs import sweep_staging_blobs
from pipeline.test_sides.reset_side import resetting_side
from store import Store
from store.bills.bill import BillRow
from store.feeds.feed import Feed
from store.issuer import Issuer
from store.job import Job, claim_job
from store.print_batch import house_of_side
from tests.conftest import Clock
from tests.portal.staff_office import Office
from tests.portal.test_sides.test_test_side import of_customer
from tests.portal.two_sides import TwoSides, all_rows
from tests.sample_feeds import batch, ubl

#: What a reset leaves of a side, and what it writes itself.
LEFT = {"issuer": 1, "issuer_key": 1, "outbox_sequence": 1, "template": 1, "errand": 1, "event": 4, "parcel": 0}


def blobs(config: Config) -> set[Path]:
    return {path for path in (config.home / "blobs").rglob("*") if path.is_file()}


def try_at_eaux(office: Office) -> int:
    """Another issuer tries a letter and a customer; returns its side's id."""
    with office.store.writing() as session:
        eaux = session.scalars(select(Issuer).where(Issuer.slug == "eaux")).one()
        side = open_test_side(session, eaux, "eva", office.clock())
    bills = [ubl("E-1", "C-E1"), of_customer("E-2", "C-E2", "alice@client.test")]
    drop_feed(office.store, side, BytesIO(batch(bills)), "eaux.xml", "api", office.clock())
    office.pipeline.work_until_idle(office.clock())
    return side.id


def test_a_reset_deletes_the_whole_side_and_nothing_else(store: Store, config: Config, clock: Clock) -> None:
    office = Office(store, config, clock).begin()
    others = try_at_eaux(office)
    sides = TwoSides(office).begin()
    sides.drop([ubl("L-90", "C-BOB")])  # the very bytes that Lumière has sent
    office.pipeline.work_until_idle(clock())
    full = all_rows(store)
    filled_blobs = blobs(config)
    filled = {name for name in full if full[name] != sides.before[name]}
    assert filled > {"bill", "feed", "account", "delivery", "event"}
    assert any(config.test_outbox.iterdir())
    answer, kept = (config.drops / slug / "rejected" / "old.xml" for slug in (sides.twin.slug, "lumiere"))
    for each in (answer, kept):
        each.parent.mkdir(parents=True, exist_ok=True)
        each.write_bytes(b"dropped by SFTP")
    with store.writing() as session:
        job_id = ask_for_reset(session, session.get_one(Issuer, sides.twin.id), "mina", clock()).id
        assert ask_for_reset(session, session.get_one(Issuer, sides.twin.id), "mina", clock()).id == job_id
    office.pipeline.work_until_idle(clock())
    with store.reading() as session:
        job = latest_reset(session, sides.twin.id)
        assert job is not None
        assert (job.id, job.state) == (job_id, "done")
        progress = progress_of(job)
    assert progress.deleted >= progress.rows > 50
    after = all_rows(store)
    assert {name: sides.before[name] - after[name] for name in after if sides.before[name] - after[name]} == {}
    new = {name: rows - sides.before[name] for name, rows in after.items()}
    assert {name: len(rows) for name, rows in new.items() if len(rows) > LEFT.get(name, 0)} == {}, new
    assert [each.name for each in config.test_outbox.iterdir()] == [house_of_side(others)]
    assert (answer.exists(), answer.parent.is_dir(), kept.exists()) == (False, True, True)
    sweep_staging_blobs(office.pipeline.context)
    assert len(filled_blobs - blobs(config)) > 5
    with store.reading() as session:
        for feed in session.scalars(select(Feed)):
            with store.blobs.open(feed.sha256) as stream:
                assert stream.read(1)
        archive = store.archive(session)
        for row in session.scalars(select(BillRow).where(BillRow.segment_sha256.is_not(None))):
            assert archive.pdf(row)


def test_an_issuer_on_board_is_never_reset(store: Store, config: Config, clock: Clock) -> None:
    office = Office(store, config, clock).begin()
    with store.writing() as session, pytest.raises(PermissionError):
        ask_for_reset(session, session.get_one(Issuer, office.lumiere.id), "mina", clock())


def test_a_feed_that_comes_while_the_side_is_emptied_goes_with_it(store: Store, config: Config, clock: Clock) -> None:
    """Its program has not heard of the reset: the feed's rows come when those that they refer to are about to go."""
    office = Office(store, config, clock).begin()
    sides = TwoSides(office).begin()
    with store.writing() as session:
        job_id = ask_for_reset(session, session.get_one(Issuer, sides.twin.id), "mina", clock()).id
    with store.writing() as session:
        job = claim_job(session, clock(), Job.id == job_id)
    assert job is not None
    came = 0
    for _ in resetting_side(store, job, config, clock()):
        with store.reading() as session:
            of_side = [select(func.count()).where(each.issuer_id == sides.twin.id) for each in (BillRow, Feed)]
            bills, feeds = (session.scalar(each) for each in of_side)
        if not bills and feeds and not came:
            came = sides.drop([ubl("ZQ-88", "ZQ-C8")])
    assert came
    with store.reading() as session:
        assert session.scalars(select(Feed).where(Feed.issuer_id == sides.twin.id)).all() == []
        assert session.scalars(select(BillRow).where(BillRow.issuer_id == sides.twin.id)).all() == []
        done = session.get_one(Job, job_id)
        assert done.state == "done"
        assert progress_of(done).deleted >= progress_of(done).rows
    after = all_rows(store)
    assert {name: sides.before[name] - after[name] for name in after if sides.before[name] - after[name]} == {}
