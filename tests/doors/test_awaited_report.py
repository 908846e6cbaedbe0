"""The report that comes back beside an upload, and where the file itself goes."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from doors import kept_uploads
from doors.awaited_report import write_reports
from doors.complete_uploads import UploadFolder
from doors.upload_pickup import collect_uploads, tidy_kept_uploads
from store import Store
from store.feeds.feed import Feed
from tests.doors.conftest import real_time

pytestmark = pytest.mark.beside_any_database

BYTES = b"<Invoice>...</Invoice>"


def sent(store: Store, home: Path, upload_folder: UploadFolder, name: str = "mars.xml", content: bytes = BYTES) -> int:
    """Alice's upload, as the feed that it became."""
    (upload_folder.folder / name).write_bytes(content)
    [dropped] = collect_uploads(store, home, real_time(), 0)
    return dropped.feed_id


def comes_to(store: Store, feed_id: int, state: str, **more: Any) -> None:
    with store.writing() as session:
        session.execute(update(Feed).where(Feed.id == feed_id).values(state=state, **more))


def reported(store: Store, home: Path, upload_folder: UploadFolder, name: str = "mars.xml") -> str | None:
    """The state in the report beside an upload; None while there is none. It is fetched and removed."""
    write_reports(store, home, real_time())
    path = upload_folder.folder / f"{name}.report.json"
    if not path.exists():
        return None
    state = json.loads(path.read_text())["state"]
    path.unlink()
    return str(state)


def kept(folder: Path) -> list[str]:
    return sorted(path.name.partition("Z-")[2] for path in folder.iterdir())


def test_the_report_comes_once_the_feed_was_read(store: Store, home: Path, upload_folder: UploadFolder) -> None:
    feed_id = sent(store, home, upload_folder)
    assert reported(store, home, upload_folder) is None
    comes_to(store, feed_id, "reading")
    assert reported(store, home, upload_folder) is None
    comes_to(store, feed_id, "released")
    assert reported(store, home, upload_folder) == "released"
    comes_to(store, feed_id, "settled")
    assert reported(store, home, upload_folder) is None, "told once"
    assert (upload_folder.folder / "mars.xml.received.json").exists(), "the answer stays beside it"
    assert kept(upload_folder.archive.folder) == ["mars.xml"]
    assert list(upload_folder.awaited.iterdir()) == []


def test_a_held_feed_is_reported_again_when_it_was_decided(
    store: Store, home: Path, upload_folder: UploadFolder
) -> None:
    feed_id = sent(store, home, upload_folder)
    comes_to(store, feed_id, "held")
    assert [reported(store, home, upload_folder) for _ in range(2)] == ["held", None]
    comes_to(store, feed_id, "held", reading=2)
    assert reported(store, home, upload_folder) == "held", "it was read again, by another profile"
    comes_to(store, feed_id, "rejected")
    assert reported(store, home, upload_folder) == "rejected"
    assert (kept(upload_folder.archive.folder), kept(upload_folder.rejected.folder)) == ([], ["mars.xml"])


def test_a_feed_that_is_no_more_is_not_waited_for(store: Store, home: Path, upload_folder: UploadFolder) -> None:
    feed_id = sent(store, home, upload_folder)
    with store.writing() as session:
        session.execute(delete(Feed).where(Feed.id == feed_id))
    assert reported(store, home, upload_folder) is None
    assert list(upload_folder.awaited.iterdir()) == []


def test_a_report_is_about_the_latest_file_of_its_name(store: Store, home: Path, upload_folder: UploadFolder) -> None:
    first = sent(store, home, upload_folder)
    second = sent(store, home, upload_folder, content=BYTES * 2)
    comes_to(store, first, "released")
    assert reported(store, home, upload_folder) is None
    comes_to(store, second, "released")
    assert reported(store, home, upload_folder) == "released"
    assert kept(upload_folder.archive.folder) == ["mars.xml", "mars.xml"], "neither file takes the other's place"


def test_every_copy_of_a_rejected_feed_goes_where_it_belongs(
    store: Store, home: Path, upload_folder: UploadFolder
) -> None:
    """Alice's program sent the same file twice before it was read."""
    feed_id = sent(store, home, upload_folder)
    assert sent(store, home, upload_folder) == feed_id
    comes_to(store, feed_id, "rejected")
    assert reported(store, home, upload_folder) == "rejected"
    assert (kept(upload_folder.archive.folder), kept(upload_folder.rejected.folder)) == ([], ["mars.xml"] * 2)
    assert list(upload_folder.awaited.iterdir()) == []


def test_the_same_bytes_again_are_reported_under_their_new_name(
    store: Store, home: Path, upload_folder: UploadFolder
) -> None:
    feed_id = sent(store, home, upload_folder)
    comes_to(store, feed_id, "released")
    assert reported(store, home, upload_folder) == "released"
    assert sent(store, home, upload_folder, "encore.xml") == feed_id
    assert reported(store, home, upload_folder, "encore.xml") == "released"


def test_a_new_file_clears_the_report_on_the_one_before(store: Store, home: Path, upload_folder: UploadFolder) -> None:
    comes_to(store, sent(store, home, upload_folder), "released")
    write_reports(store, home, real_time())
    sent(store, home, upload_folder, content=BYTES * 2)
    assert sorted(path.name for path in upload_folder.folder.iterdir()) == ["mars.xml.received.json"]


def test_a_server_that_dies_before_the_file_is_archived_answers_again(
    store: Store, home: Path, upload_folder: UploadFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(kept_uploads.KeptUploads, "keep", die)
        with pytest.raises(KeyboardInterrupt):
            sent(store, home, upload_folder)
    [again] = collect_uploads(store, home, real_time(), 0)
    comes_to(store, again.feed_id, "rejected")
    assert reported(store, home, upload_folder) == "rejected"
    assert kept(upload_folder.rejected.folder) == ["mars.xml"]
    assert list((home / ".taken" / "eaux").iterdir()) == []


def test_one_issuer_s_trouble_keeps_no_other_s_report(store: Store, home: Path, upload_folder: UploadFolder) -> None:
    comes_to(store, sent(store, home, upload_folder), "released")
    broken = UploadFolder(home, "acme")
    broken.make()
    broken.awaited.mkdir(parents=True)
    (broken.awaited / "x.json").write_bytes(b"{")
    assert reported(store, home, upload_folder) == "released"


def test_a_refused_file_is_kept_apart_and_all_is_deleted_in_time(
    store: Store, home: Path, upload_folder: UploadFolder
) -> None:
    (upload_folder.folder / "vide.xml").touch()
    assert collect_uploads(store, home, real_time(), 0) == []
    sent(store, home, upload_folder)
    folders = (upload_folder.archive.folder, upload_folder.rejected.folder)
    for age, names in ((kept_uploads.KEPT_FOR - timedelta(hours=1), [["mars.xml"], ["vide.xml"]]),
                       (kept_uploads.KEPT_FOR + timedelta(hours=1), [[], []])):  # fmt: skip
        tidy_kept_uploads(home, real_time() + age)
        assert [kept(folder) for folder in folders] == names


@pytest.mark.parametrize("bound", ["MOST_KEPT_FILES", "MOST_KEPT_BYTES"])
def test_the_archive_is_bounded_and_the_oldest_goes_first(
    store: Store, home: Path, upload_folder: UploadFolder, monkeypatch: pytest.MonkeyPatch, bound: str
) -> None:
    monkeypatch.setattr(kept_uploads, bound, 2 if bound == "MOST_KEPT_FILES" else 7)
    for n, name in enumerate(("a.xml", "b.xml", "c.xml")):
        sent(store, home, upload_folder, name, b"%d23" % n)
    assert kept(upload_folder.archive.folder) == ["b.xml", "c.xml"]
