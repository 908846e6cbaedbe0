"""Read the control totals that a sender declares beside a feed: control file, request fields or command options.

The control file of `mars.xml` is `mars.xml.control.json`, `{"count": 1204, "sums": {"EUR": "98211.40"}}`, or
`mars.xml.control.csv`, two columns of a name and a figure: `count;1204`, `EUR;98211,40`.
"""

import csv
import json
import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Final

import msgspec

from bill import ControlTotals, Finding, Value, fatal, fill_in
from doors.companion_text import companion_text

#: Endings of a control file, after the whole name of its feed.
CONTROL_FILES: Final = (".control.json", ".control.csv")
#: The largest control file, in bytes.
LARGEST: Final = 64 * 1024

#: An amount, as a regular expression, and the largest count.
AMOUNT: Final = "-?[0-9]{1,15}([.,][0-9]{1,4})?"
MOST_COUNTED: Final = 10**12 - 1

_count = re.compile(r"[0-9]{1,12}").fullmatch
_amount = re.compile(AMOUNT).fullmatch
_currency = re.compile(r"[A-Z]{3}").fullmatch
_pair = re.compile(r"\s*([A-Za-z]{3})\s*[=: ]\s*(\S+)\s*").fullmatch


class DeclarationError(Exception):
    """The declaration cannot be read; the message says what to write."""

    def __init__(self, sentence: str, **values: Value) -> None:
        super().__init__(fill_in(sentence, values))
        self.sentence, self.values = sentence, values

    def finding(self, name: str) -> Finding:
        """The error as a finding in the report of the refused file *name*."""
        return fatal("CONTROL-FILE", self.sentence, name, **self.values)


class _JsonControlFile(msgspec.Struct, forbid_unknown_fields=True):
    """The JSON control file. Amounts are strings, or numbers as written."""

    count: int | None = None
    sums: dict[str, Decimal] = {}


def declared_totals(count: str | None, sums: Iterable[str], source: str) -> ControlTotals | None:
    """Control totals from a count and sums such as `EUR=98211.40`; None if nothing is declared."""
    pairs = [_pair(text) for text in sums]
    if not all(pairs):
        raise DeclarationError("write a sum as a currency and its amount: EUR=98211.40")
    figures = [(match[1], match[2]) for match in pairs if match]
    return _totals([*([("count", count)] if count else []), *figures], source) if count or figures else None


def read_control_file(name: str, content: bytes) -> ControlTotals:
    """Control totals from a control file's content; its name is the source."""
    if len(content) > LARGEST:
        raise DeclarationError(
            "{name} is larger than {most} bytes: it holds a count and some sums", name=name, most=LARGEST
        )
    try:
        text = companion_text(content)
    except UnicodeDecodeError as error:
        raise DeclarationError("{name} is no UTF-8 text", name=name) from error
    return _read_json(name, text) if name.endswith(".json") else _read_csv(name, text)


def control_file_of(path: Path) -> ControlTotals | None:
    """Control totals from the control file beside a file; None if there is none."""
    for beside in [path.with_name(f"{path.name}{ending}") for ending in CONTROL_FILES]:
        if beside.is_file():
            with beside.open("rb") as file:
                return read_control_file(beside.name, file.read(LARGEST + 1))
    return None


def _read_json(name: str, text: str) -> ControlTotals:
    try:
        json.loads(text, object_pairs_hook=_unique_keys)
        read = msgspec.json.decode(text, type=_JsonControlFile)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        sentence = '{name} cannot be read: {reason}; write {"count": 1204, "sums": {"EUR": "98211.40"}}'
        raise DeclarationError(sentence, name=name, reason=str(error)[:200]) from error
    figures = {currency: str(amount) for currency, amount in read.sums.items()}
    return _totals([*([] if read.count is None else [("count", str(read.count))]), *figures.items()], name)


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """The pairs as a dict; raises ValueError for a repeated key, of which the last would win."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found


def _read_csv(name: str, text: str) -> ControlTotals:
    delimiter = next((sign for sign in ";\t" if sign in text), ",")
    try:
        rows = [row for row in csv.reader(text.splitlines(), delimiter=delimiter) if any(row)]
    except csv.Error as error:
        raise DeclarationError("{name} cannot be read: {reason}", name=name, reason=str(error)) from error
    if any(len(row) != 2 for row in rows):
        raise DeclarationError("{name} has two columns, a name and a figure: count;1204 and EUR;98211,40", name=name)
    return _totals([(row[0].strip(), row[1].strip()) for row in rows], name)


def _totals(figures: Iterable[tuple[str, str]], source: str) -> ControlTotals:
    count: int | None = None
    sums: dict[str, Decimal] = {}
    for name, figure in figures:
        if name.lower() == "count" and count is None and _count(figure):
            count = int(figure)
        elif _currency(name.upper()) and name.upper() not in sums and _amount(figure):
            sums[name.upper()] = Decimal(figure.replace(",", "."))
        else:
            sentence = (
                "{name} {figure} cannot be taken from {source}: a count is a whole number, a sum a currency (ISO 4217) "
                "and its amount, each once"
            )
            raise DeclarationError(sentence, name=name[:40], figure=figure[:40], source=source)
    if count is None and not sums:
        raise DeclarationError("{source} declares nothing: give a count, a sum, or both", source=source)
    return ControlTotals(count=count, sums=sums, source=source)
