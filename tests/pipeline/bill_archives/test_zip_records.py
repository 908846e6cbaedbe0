"""The ZIP file that is written piece by piece is what other programs read: past 65,535 files, past 4 GB."""

from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from pipeline.bill_archives.zip_records import ArchivedFile, central_record, end_of_archive, pack_file, stream_file

DAY = date(2026, 3, 3)


def test_more_files_than_sixteen_bits_count() -> None:
    out, files = BytesIO(), list[ArchivedFile]()
    for n in range(65_540):
        file, record = pack_file(f"é/{n}.txt", b"%d" % n, DAY, out.tell(), is_text=False)
        out.write(record)
        files.append(file)
    begins = out.tell()
    out.write(b"".join(map(central_record, files)))
    out.write(end_of_archive(len(files), out.tell() - begins, begins))
    with ZipFile(out) as archive:
        assert len(archive.infolist()) == 65_540
        assert archive.read("é/65539.txt") == b"65539"
        assert archive.getinfo("é/0.txt").date_time[:3] == (2026, 3, 3)


def test_a_file_that_begins_past_four_gigabytes(tmp_path: Path) -> None:
    """Before it lies a hole, which takes no room on the disk."""
    at = 5 << 30
    with (tmp_path / "far.zip").open("wb") as out:
        file, record = pack_file("loin.xml", b"<loin/>" * 9, DAY, at, is_text=True)
        out.seek(at)
        out.write(record)
        begins = out.tell()
        out.write(central_record(file))
        out.write(end_of_archive(1, out.tell() - begins, begins))
    with ZipFile(tmp_path / "far.zip") as archive:
        assert archive.read("loin.xml") == b"<loin/>" * 9


def test_a_file_whose_size_is_told_behind_it() -> None:
    out, files = BytesIO(), list[ArchivedFile]()
    for piece in stream_file("index.html", (b"<p>%d</p>" % n for n in range(10_000)), DAY, 0):
        if isinstance(piece, ArchivedFile):
            files.append(piece)
        else:
            out.write(piece)
    begins = out.tell()
    out.write(central_record(files[0]))
    out.write(end_of_archive(1, out.tell() - begins, begins))
    with ZipFile(out) as archive:
        assert archive.testzip() is None
        assert archive.read("index.html").startswith(b"<p>0</p><p>1</p>")
