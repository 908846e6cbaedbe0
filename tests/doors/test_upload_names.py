"""Which uploads wait: by the names that programs give to what they have not finished."""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from unicodedata import normalize

import pytest

from doors.complete_uploads import UploadFolder, unfinished_uploads
from doors.upload_names import MARKS
from doors.upload_pickup import collect_uploads
from store import Store
from tests.doors.conftest import real_time

pytestmark = pytest.mark.beside_any_database

BYTES = b"<Invoice>...</Invoice>"
UNFINISHED = (
    "mars.xml.part", "k.xml.PART", "mars.zip.part1", "mars.xml.partial", "mars.xml.filepart", "mars.xml.tmp",
    "mars.TMP",
    "l.xml.upload", "mars.xml.uploading", "f.xml.writing", "g.xml.inprogress", "mars.xml.in_progress", "mars.~tmp",
    "h.xml.crdownload", "mars.xml.download", "mars.xml.opdownload", ".in.i.xml", "j.xml.lock", "mars.xml.LCK", "d~",
    "~e.xml", "~$mars.xlsx", "#mars.xml#", "mars.xml.swp", "mars.xml.bak", "mars.xml.incomplete", "mars.xml.$$$",
    ".mars.xml.a1B2c3", "mars.xml_tmp", "tmp_mars.xml", "mars.xml-partial", "mars.xml._part", "mars.xml.tmp123",
    "mars.xml.tmp.1234", "mars.xml.partial.1", "mars.xml.!ut", "mars.xml.!qB", "mars.xml.bc!", "mars.xml.busy",
    "mars.xml.saving", "mars.xml.goutputstream-X1YZ", "mars.xml.lftp-pget-status", ".~lock.mars.csv#",
)  # fmt: skip
COMPLETE = (
    "a mars.xml", normalize("NFD", "février.xml"), "b.xml", "partial.xml", "upload.csv", "mars.part.xml", "ok.xml",
    "mars~1.xml", "tmpmars.xml", "mars_tmp.xml", "mars-part.xml", "mars.part1.zip", "temperature.csv",
    "factures-part2", "locked", "done", "MARS",
)  # fmt: skip


def dropped(store: Store, home: Path, after: float = 0) -> list[str]:
    return [feed.name for feed in collect_uploads(store, home, real_time() + timedelta(seconds=after), 60)]


def put(upload_folder: UploadFolder, *names: str) -> None:
    for name in names:
        (upload_folder.folder / name).write_bytes(BYTES + name.encode())


def test_what_is_not_finished_waits(store: Store, home: Path, upload_folder: UploadFolder) -> None:
    put(upload_folder, *UNFINISHED, *COMPLETE)
    assert sorted(dropped(store, home, 3600)) == sorted(normalize("NFC", name) for name in COMPLETE)
    assert {each.name for each in unfinished_uploads(home)} == {*UNFINISHED}


@pytest.mark.parametrize("ending", MARKS)
def test_a_mark_says_that_the_file_beside_is_complete(
    store: Store, home: Path, upload_folder: UploadFolder, ending: str
) -> None:
    put(upload_folder, "avril.xml", "mars.xml", f"mars.xml{ending}", "mai.csv", f"mai{ending.upper()}")
    assert dropped(store, home) == ["mai.csv", "mars.xml"]
    assert not [path.name for path in upload_folder.folder.iterdir() if path.suffix.lower() == ending]


def test_a_mark_without_its_file_waits_and_is_listed(store: Store, home: Path, upload_folder: UploadFolder) -> None:
    put(upload_folder, "mars.xml.ok", "avril.done")
    assert dropped(store, home, 3600) == []
    assert [each.name for each in unfinished_uploads(home)] == ["avril.done", "mars.xml.ok"]


def test_a_mark_that_comes_late_is_cleared_away(store: Store, home: Path, upload_folder: UploadFolder) -> None:
    put(upload_folder, "mars.xml", "avril.csv")
    assert len(dropped(store, home, 61)) == 2
    put(upload_folder, "mars.xml.ok", "avril.fin")
    assert dropped(store, home, 61) == []
    assert unfinished_uploads(home) == []
    put(upload_folder, "mars.xml", "mars.xml.ok")
    assert len(dropped(store, home)) == 1, "the next file of this name, with its mark"


def test_a_mark_that_is_under_way_says_nothing_yet(store: Store, home: Path, upload_folder: UploadFolder) -> None:
    put(upload_folder, "mars.xml", "mars.xml.ok")
    upload_folder.begin("mars.xml.ok")
    assert dropped(store, home) == []
    upload_folder.end("mars.xml.ok")
    upload_folder.begin("mars.xml")
    assert dropped(store, home, 3600) == []


def test_endings_in_capitals(store: Store, home: Path, upload_folder: UploadFolder) -> None:
    put(upload_folder, "c.XML", "d.xml")
    (upload_folder.folder / "c.XML.SHA256").write_text("0" * 64)
    (upload_folder.folder / "d.xml.CONTROL.JSON").write_text('{"count": "many"}')
    assert dropped(store, home, 61) == []
    assert {path.name for path in upload_folder.folder.iterdir()} == {"c.XML.refused.json", "d.xml.refused.json"}


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("end", ["", "\r\n", "\x1a", "\r\n\x1a\x1a"])
def test_what_stands_beside_a_file_in_every_encoding(
    store: Store, home: Path, upload_folder: UploadFolder, codec: str, end: str
) -> None:
    """PowerShell writes UTF-16, in capitals."""
    put(upload_folder, "mars.xml")
    digest = sha256((upload_folder.folder / "mars.xml").read_bytes()).hexdigest().upper()
    (upload_folder.folder / "mars.xml.sha256").write_bytes(f"{digest}  mars.xml{end}".encode(codec))
    (upload_folder.folder / "mars.xml.control.csv").write_bytes(f"count;12{end}".encode(codec))
    assert dropped(store, home) == ["mars.xml"]
    assert (upload_folder.folder / "mars.xml.received.json").exists()
