"""Collecting the upload folders, without a network: what is whole becomes a feed once, and a dying server forgets
nothing."""

import json
import os
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from doors import upload_pickup
from doors.complete_uploads import ANSWERS_STAY, UploadFolder, claim_complete_uploads, unfinished_uploads
from doors.feed_drop import DroppedFeed
from doors.upload_pickup import collect_uploads, drop_claimed_uploads
from issuers.registry import add_issuer
from store import Store
from store.feeds.feed import Feed
from store.issuer import Issuer
from tests.conftest import Clock
from tests.doors.conftest import real_time

BYTES = b"<Invoice>...</Invoice>"


def names(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(Feed.name).order_by(Feed.id)))


def test_quiet_files_become_feeds_in_order(store: Store, home: Path, upload_folder: UploadFolder) -> None:
    for each in ("b.xml", "a.xml", "c.xml.part", ".d.xml"):
        (upload_folder.folder / each).write_bytes(BYTES + each.encode())
        os.utime(upload_folder.folder / each, (0, 0))  # a copied file may bring an old time along
    assert collect_uploads(store, home, real_time(), 60) == []
    dropped = collect_uploads(store, home, real_time() + timedelta(seconds=61), 60)
    assert [(feed.name, feed.is_new) for feed in dropped] == [("a.xml", True), ("b.xml", True)]
    assert names(store) == ["a.xml", "b.xml"]
    assert [each.name for each in unfinished_uploads(home)] == [".d.xml", "c.xml.part"]
    assert sorted(path.name for path in upload_folder.folder.iterdir()) == [
        ".d.xml", "a.xml.received.json", "b.xml.received.json", "c.xml.part",
    ]  # fmt: skip


def test_a_file_that_has_just_arrived_does_not_wait(store: Store, home: Path, upload_folder: UploadFolder) -> None:
    (upload_folder.folder / "a.xml").write_bytes(BYTES)
    assert collect_uploads(store, home, real_time(), 60, {("gaz", "a.xml"), ("eaux", "b.xml")}) == []
    assert len(collect_uploads(store, home, real_time(), 60, {("eaux", "a.xml")})) == 1


def test_an_upload_under_way_is_not_whole_however_quiet(store: Store, home: Path, upload_folder: UploadFolder) -> None:
    (upload_folder.folder / "a.xml").write_bytes(BYTES)
    (upload_folder.folder / "a.xml.md5").write_bytes(b"")
    upload_folder.begin("a.xml")
    assert collect_uploads(store, home, real_time() + timedelta(days=9), 60, {("eaux", "a.xml")}) == []
    upload_folder.end("a.xml")
    upload_folder.begin("a.xml.md5")
    assert collect_uploads(store, home, real_time(), 60) == [], "its checksum file is under way"


def test_a_server_that_dies_between_taking_and_dropping_drops_later(
    store: Store, home: Path, upload_folder: UploadFolder
) -> None:
    (upload_folder.folder / "a.xml").write_bytes(BYTES)
    claim_complete_uploads(home, real_time(), 0)
    assert list(upload_folder.folder.iterdir()) == []
    assert names(store) == []
    assert [feed.name for feed in drop_claimed_uploads(store, home, real_time())] == ["a.xml"]
    assert drop_claimed_uploads(store, home, real_time()) == []


def test_a_server_that_dies_after_the_commit_gives_the_same_feed(
    store: Store, home: Path, upload_folder: UploadFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    (upload_folder.folder / "a.xml").write_bytes(BYTES)
    with monkeypatch.context() as patched:
        patched.setattr(upload_pickup, "_answer", die)
        with pytest.raises(KeyboardInterrupt):
            collect_uploads(store, home, real_time(), 0)
    assert names(store) == ["a.xml"]
    (again,) = collect_uploads(store, home, real_time(), 0)
    assert not again.is_new
    assert names(store) == ["a.xml"]
    assert json.loads((upload_folder.folder / "a.xml.received.json").read_text())["feed"] == again.feed_id


def test_a_server_that_dies_while_taking_leaves_the_file_to_its_sender(
    store: Store, home: Path, upload_folder: UploadFolder
) -> None:
    """It had made the folder and copied what the checksum file says, and no more."""
    (upload_folder.folder / "a.xml").write_bytes(BYTES)
    left = home / ".taken" / "eaux" / "left"
    left.mkdir()
    (left / ".sha256").write_text("0" * 64)
    assert drop_claimed_uploads(store, home, real_time()) == []
    assert len(collect_uploads(store, home, real_time(), 0)) == 1, "the left checksum is of no other file"


def test_the_sender_may_send_the_same_name_while_the_first_is_dropped(
    store: Store, home: Path, upload_folder: UploadFolder
) -> None:
    (upload_folder.folder / "a.xml").write_bytes(b"first")
    claim_complete_uploads(home, real_time(), 0)
    (upload_folder.folder / "a.xml").write_bytes(b"second")
    dropped = collect_uploads(store, home, real_time(), 0)
    assert sorted(store.blobs.read(feed.sha256) for feed in dropped) == [b"first", b"second"]


def test_a_tray_whose_issuer_nobody_knows_waits(
    store: Store, home: Path, upload_folder: UploadFolder, clock: Clock
) -> None:
    stranger = UploadFolder(home, "stranger")
    stranger.make()
    (stranger.folder / "a.xml").write_bytes(BYTES)
    (upload_folder.folder / "b.xml").write_bytes(BYTES)
    assert [feed.name for feed in collect_uploads(store, home, real_time(), 0)] == ["b.xml"]
    with store.writing() as session:
        add_issuer(session, "stranger", "A stranger no more", clock())
    assert [feed.name for feed in collect_uploads(store, home, real_time(), 0)] == ["a.xml"]


def test_only_files_count(store: Store, home: Path, upload_folder: UploadFolder, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"not yours")
    (upload_folder.folder / "link.xml").symlink_to(tmp_path / "secret")
    (upload_folder.folder / "folder.xml").mkdir()
    assert collect_uploads(store, home, real_time(), 0) == []
    assert unfinished_uploads(home) == []


def test_answers_are_cleared_away_in_time_and_are_no_feeds(
    store: Store, home: Path, upload_folder: UploadFolder
) -> None:
    (upload_folder.folder / "a.xml").write_bytes(BYTES)
    collect_uploads(store, home, real_time(), 0)
    assert collect_uploads(store, home, real_time() + ANSWERS_STAY - timedelta(minutes=1), 0) == []
    assert [path.name for path in upload_folder.folder.iterdir()] == ["a.xml.received.json"]
    assert collect_uploads(store, home, real_time() + ANSWERS_STAY + timedelta(minutes=1), 0) == []
    assert list(upload_folder.folder.iterdir()) == []


def test_there_may_be_no_trays_yet(store: Store, tmp_path: Path) -> None:
    assert collect_uploads(store, tmp_path / "nowhere", real_time(), 0) == []
    assert unfinished_uploads(tmp_path / "nowhere") == []


def test_one_issuer_s_trouble_keeps_no_other_waiting(
    store: Store, home: Path, upload_folder: UploadFolder, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.writing() as session:
        add_issuer(session, "acme", "Acme", clock())
    acme = UploadFolder(home, "acme")
    acme.make()
    (acme.folder / "a.xml").write_bytes(BYTES)
    (upload_folder.folder / "b.xml").write_bytes(BYTES)
    whole = upload_pickup.drop_feed

    def broken_for_acme(store: Store, issuer: Issuer, *rest: Any, **kw: Any) -> DroppedFeed:
        if issuer.slug == "acme":
            raise RuntimeError("a mistake of ours")
        return whole(store, issuer, *rest, **kw)

    with monkeypatch.context() as patched:
        patched.setattr(upload_pickup, "drop_feed", broken_for_acme)
        assert [feed.name for feed in collect_uploads(store, home, real_time(), 0)] == ["b.xml"]
    assert [feed.name for feed in collect_uploads(store, home, real_time(), 0)] == ["a.xml"], "tried again"


def test_a_companion_beside_a_file_declares_what_it_holds(
    store: Store, home: Path, upload_folder: UploadFolder
) -> None:
    (upload_folder.folder / "a.xml").write_bytes(BYTES)
    (upload_folder.folder / "a.xml.control.csv").write_bytes(b"count;3\nEUR;98,40\n")
    (upload_folder.folder / "b.xml.control.json").write_bytes(b'{"count": 1}')
    [dropped] = collect_uploads(store, home, real_time(), 0)
    with store.reading() as session:
        [totals] = session.get_one(Feed, dropped.feed_id).control_totals
    assert (totals.count, totals.sums, totals.source) == (3, {"EUR": Decimal("98.40")}, "a.xml.control.csv")
    assert names(store) == ["a.xml"]
    assert [each.name for each in unfinished_uploads(home)] == ["b.xml.control.json"], "its feed never came"


def test_a_companion_under_way_is_waited_for(store: Store, home: Path, upload_folder: UploadFolder) -> None:
    (upload_folder.folder / "a.xml").write_bytes(BYTES)
    (upload_folder.folder / "a.xml.control.json").write_bytes(b'{"cou')
    upload_folder.begin("a.xml.control.json")
    assert collect_uploads(store, home, real_time(), 0, {("eaux", "a.xml")}) == []
    (upload_folder.folder / "a.xml.control.json").write_bytes(b'{"count": 3}')
    upload_folder.end("a.xml.control.json")
    assert len(collect_uploads(store, home, real_time(), 0)) == 1


def test_a_companion_that_cannot_be_read_refuses_its_file(
    store: Store, home: Path, upload_folder: UploadFolder
) -> None:
    (upload_folder.folder / "a.xml").write_bytes(BYTES)
    (upload_folder.folder / "a.xml.control.json").write_bytes(b'{"count": "beaucoup"}')
    assert collect_uploads(store, home, real_time(), 0) == []
    assert names(store) == []
    answer = json.loads((upload_folder.folder / "a.xml.refused.json").read_text())
    assert [finding["rule"] for finding in answer["findings"]] == ["CONTROL-FILE"]
