"""Reads files of returned mail: the print house's JSON beside a lot, and a table (CSV) of what lies on a desk.

The JSON is `{"returned": [{"n": 12, "reason": "unknown"}, {"delivery": 4711}]}`, with `"lot": 231` where the file's
name does not say it. The table has a head line with the columns that it has of `code` (the DataMatrix), `lot`, `set`,
`delivery`, `issuer`, `bill`, `reason`, `words`; it is parted by `;`, `,` or tabs.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import msgspec

from delivery.feedback.returns.sheet_mark import SheetMark, sheet_mark
from store.accounts.return_reason import ReturnReason, return_reason_of
from untrusted.encodings.byte_order_mark import as_utf8
from words.catalogue import M_
from words.spoken_error import SpokenError

#: More pieces than this in one file are refused: it is none of returned mail.
MOST_PIECES: Final = 100_000
_LOT_IN_NAME: Final = re.compile(r"^lot-(\d{1,12})")
#: No row has such a number.
_LARGEST: Final = 10**12
#: Columns by the names that a head line may give them.
_COLUMNS: Final = {
    "code": "code", "datamatrix": "code", "lot": "lot", "set": "n", "n": "n", "pli": "n", "delivery": "delivery",
    "issuer": "issuer", "emetteur": "issuer", "émetteur": "issuer", "bill": "bill", "number": "bill",
    "facture": "bill", "reason": "reason", "motif": "reason", "words": "words", "remarque": "words",
}  # fmt: skip
_NONE_NAMED: Final = M_("no column names a letter: write code, or lot and set, or delivery, or bill")


class NotReturnedMail(SpokenError):  # noqa: N818
    """The file is none of returned mail; the message says why."""


class ReturnedPiece(NamedTuple):
    """One piece as a file or a scan tells it: by lot and set *n* (with *sets* of the lot, from the mark), by delivery,
    or by issuer's slug and bill number. *reason* is None where nobody knows what is written."""

    line: int
    reason: ReturnReason | None = "other"
    lot: int | None = None
    n: int | None = None
    sets: int | None = None
    delivery: int | None = None
    issuer: str = ""
    bill: str = ""
    words: str = ""
    told: str = ""  # what stands there, to show it again


class _Listed(msgspec.Struct):
    """A piece in the print house's JSON."""

    delivery: int | None = None
    n: int | None = None
    reason: str = ""
    words: str = ""


class _Lot(msgspec.Struct):
    returned: list[_Listed]
    lot: int | None = None


def pieces_in(content: bytes, name: str) -> list[ReturnedPiece]:
    """The pieces that this file tells, in its order. Raises NotReturnedMail."""
    content = as_utf8(content).replace(b"\0", b"")
    pieces = _of_json(content, name) if content.lstrip()[:1] == b"{" else _of_table(content)
    if len(pieces) > MOST_PIECES:
        raise NotReturnedMail("more than {most} pieces in one file", most=MOST_PIECES)
    return pieces


def lot_of_name(name: str) -> int | None:
    """The lot that a file's name names, such as `lot-000231-….returned.json`; None if it names none."""
    found = _LOT_IN_NAME.match(name)
    return int(found[1]) if found else None


def scanned_piece(typed: str, reason: ReturnReason | None, line: int = 1) -> ReturnedPiece | None:
    """The piece whose mark a scanner typed; None if it is no mark."""
    mark = sheet_mark(typed)
    return None if mark is None else _marked(mark, line, reason, typed)


def as_told(text: str) -> str:
    """What somebody wrote or a scanner typed, short, and fit to be shown on a page or in a terminal."""
    return "".join(c if c.isprintable() else " " for c in text).strip()[:60]


def _marked(mark: SheetMark, line: int, reason: ReturnReason | None, told: str) -> ReturnedPiece:
    return ReturnedPiece(line, reason, lot=mark.lot, n=mark.n, sets=mark.sets, told=as_told(told))


def _of_json(content: bytes, name: str) -> list[ReturnedPiece]:
    try:
        told = msgspec.json.decode(content, type=_Lot)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotReturnedMail("it cannot be read: {reason}", reason=error) from error
    lot = _within(told.lot) if told.lot is not None else lot_of_name(name)
    return [
        ReturnedPiece(
            line, return_reason_of(each.reason), lot=lot, n=_within(each.n), delivery=_within(each.delivery),
            words=_words(each),
            told=f"{lot or ''}/{each.n}" if each.delivery is None else str(each.delivery),
        )
        for line, each in enumerate(told.returned, 1)
    ]  # fmt: skip


def _words(listed: _Listed) -> str:
    """What the print house adds; a reason that nobody knows is in it as it is written."""
    unknown = listed.reason if return_reason_of(listed.reason) is None else ""
    return ", ".join(each for each in (unknown, listed.words) if each).replace("\0", "")[:500]


def _of_table(content: bytes) -> list[ReturnedPiece]:
    try:
        text = content.decode()
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    head = text.partition("\n")[0]
    mark = max(";,\t", key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    try:
        names = [_COLUMNS.get(cell.strip().casefold(), "") for cell in next(rows, [])]
        if not {"code", "n", "delivery", "bill"} & set(names):
            raise NotReturnedMail(_NONE_NAMED)
        return list(_of_rows(rows, names))
    except csv.Error as error:
        raise NotReturnedMail("it cannot be read: {reason}", reason=error) from error


def _of_rows(rows: Iterable[list[str]], names: list[str]) -> Iterable[ReturnedPiece]:
    for line, cells in enumerate(rows, 2):
        said = {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name}
        if any(said.values()):
            yield _of_row(line, said)


def _of_row(line: int, said: Mapping[str, str]) -> ReturnedPiece:
    reason, words = return_reason_of(said.get("reason", "")), said.get("words", "")[:500]
    if (mark := sheet_mark(said.get("code", ""))) is not None:
        return _marked(mark, line, reason, said["code"])._replace(words=words)
    named = {name: said.get(name, "") for name in ("code", "lot", "n", "delivery", "issuer", "bill")}
    return ReturnedPiece(
        line, reason, lot=_number(named["lot"]), n=_number(named["n"]), delivery=_number(named["delivery"]),
        issuer=named["issuer"], bill=named["bill"], words=words,
        told=as_told(" ".join(each for each in named.values() if each)),
    )  # fmt: skip


def _number(text: str) -> int | None:
    return _within(int(text)) if text.isdecimal() and len(text) <= len(str(_LARGEST)) else None


def _within(number: int | None) -> int | None:
    """The number, or None for one that no row has."""
    return number if number is not None and 0 < number < _LARGEST else None
