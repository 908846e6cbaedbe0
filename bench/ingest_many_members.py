"""Measures an archive of many small files: seconds, and memory over that of an archive of few.

    python -m bench.ingest_many_members [members]

Each member is an XML invoice of its own (CII, one line); a million of them are one feed. What remains of a member while
others are read is eight bytes for its name and sixteen for its place.
"""

import resource
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import BinaryIO, cast

from ingest import open_feed
from issuers.profile import Profile

_SAMPLE = Path(__file__).parents[1] / "tests" / "ingest" / "samples" / "charlie-water.cii.xml"
_FEW = 1_000


def main() -> None:
    """Read an archive of few members, then one of many, and print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for members in (_FEW, count):
        with tempfile.TemporaryFile() as file:
            _write(cast("BinaryIO", file), members)
            size = file.seek(0, 2)
            file.seek(0)
            began = time.process_time()
            reading = open_feed(cast("BinaryIO", file), "many.zip", Profile())
            taken = sum(entry.bill is not None for entry in reading)
            spent = time.process_time() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{members:>9,} members, {size / 1e6:8,.1f} MB: {taken:>9,} bills, whole={reading.whole}, "
            f"{spent:7.1f} s of CPU, peak {peak:6.1f} MB"
        )


def _write(file: BinaryIO, members: int) -> None:
    """Write the archive by small archives whose lists are joined, so that writing takes no memory either."""
    document = _SAMPLE.read_bytes()
    number = document.partition(b"<ram:ID>")[2].partition(b"<")[0]
    with tempfile.TemporaryFile() as directory:
        for first in range(0, members, _FEW):
            part, at = tempfile.SpooledTemporaryFile(), file.tell()  # noqa: SIM115
            with part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
                for n in range(first, min(first + _FEW, members)):
                    archive.writestr(f"{n:07}.xml", document.replace(number, b"F-%07d" % n))
                for info in archive.infolist():
                    info.header_offset += at
                start = archive.start_dir
                archive.close()
                part.seek(0)
                file.write(part.read(start))
                part.seek(start)
                content = part.read()
                directory.write(content[: content.rindex(b"PK\x05\x06")])
        _end(file, cast("BinaryIO", directory), members)


def _end(file: BinaryIO, directory: BinaryIO, members: int) -> None:
    at, length = file.tell(), directory.seek(0, 2)
    directory.seek(0)
    while block := directory.read(1 << 20):
        file.write(block)
    record = file.tell()
    numbers = [members, members, length, at]
    file.write(b"PK\x06\x06" + (44).to_bytes(8, "little") + b"\x2d\x00\x2d\x00" + bytes(8))
    file.write(b"".join(number.to_bytes(8, "little") for number in numbers))
    file.write(b"PK\x06\x07" + bytes(4) + record.to_bytes(8, "little") + (1).to_bytes(4, "little"))
    file.write(b"PK\x05\x06" + bytes(4) + b"\xff" * 12 + bytes(2))


if __name__ == "__main__":
    main()
