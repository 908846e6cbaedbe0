"""A feed file that a demo issuer drops on a day, written in the issuer's format."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from io import BytesIO
from typing import Final, Literal
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bill import Bill
from demo.formats import cii, delimited, facturx, print_stream_pdf, ubl
from demo.issuer import BANK, ELECTRICITY, TELECOM, WATER, DemoIssuer

Writer = Callable[[Sequence[Bill]], bytes]
#: The issuers that send through the API; the others' feeds are dropped by hand.
_BY_API: Final = (TELECOM, BANK)


@dataclass(frozen=True)
class FeedFile:
    """One file. Its content is written on demand, because a year of files is large."""

    day: date
    issuer: DemoIssuer
    name: str
    write: Callable[[], bytes]

    @property
    def door(self) -> Literal["api", "cli"]:
        """Where the file is dropped: through the API or by the command line."""
        return "api" if self.issuer in _BY_API else "cli"


def ending(issuer: DemoIssuer) -> str:
    """Return the extension of an issuer's files."""
    return _WRITERS[issuer][0]


def write(issuer: DemoIssuer, bills: Sequence[Bill]) -> bytes:
    """Return the bills in the issuer's format. Equal bills give equal bytes."""
    return _WRITERS[issuer][1](bills)


def _zip(document: Callable[[Bill], bytes], extension: str, bills: Sequence[Bill]) -> bytes:
    """Return a ZIP with one document for each bill."""
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for bill in bills:
            _pack(archive, f"{bill.number}.{extension}", bill.issue_date, document(bill))
    return content.getvalue()


def _printed(bills: Sequence[Bill]) -> bytes:
    """Return a ZIP with one XML for each bill and the print stream of all of them."""
    content = BytesIO(_zip(cii.document, "xml", bills))
    with ZipFile(content, "a") as archive:
        _pack(archive, "lot.pdf", bills[0].issue_date, print_stream_pdf.stream(bills))
    return content.getvalue()


def _pack(archive: ZipFile, name: str, day: date, content: bytes) -> None:
    archive.writestr(ZipInfo(name, (day.year, day.month, day.day, 6, 0, 0)), content, ZIP_DEFLATED)


_WRITERS: Final[dict[DemoIssuer, tuple[str, Writer]]] = {
    ELECTRICITY: ("xml", ubl.batch),
    TELECOM: ("csv", delimited.rows),
    WATER: ("zip", _printed),
    BANK: ("zip", partial(_zip, facturx.document, "pdf")),
}
