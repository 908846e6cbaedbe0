"""Reads the manifest of an archive: its files, the count and sum of bills in each, and their sha256.

`MANIFEST.csv` has the column `file` and any of `count`, `sum`, `currency`, `sha256`; the file `*` means all files
together. `MANIFEST.json` is `{"files": [{"file": …, "count": …, "sum": …, "currency": …, "sha256": …}], "count": …,
"sums": {"EUR": …}}`, or the list alone.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final
from unicodedata import normalize

from bill import ControlTotals
from ingest.custom_formats.record_mapper import DEFAULT_CURRENCY, currency_code
from untrusted.archives.archive_member import Member
from untrusted.encodings.text_decoder import TextDecoder
from untrusted.feed_error import FeedError
from untrusted.json_stream_parser import unique_keys
from untrusted.value_parsing import NotAValueError, decimal

_NAMES: Final = ("manifest.csv", "manifest.json")
_LARGEST: Final = 20_000_000
RULE: Final = "MANIFEST-BROKEN"
_WHOLE: Final = "*"
_KEYS: Final = frozenset({"file", "count", "sum", "currency", "sha256"})


@dataclass(frozen=True, slots=True)
class _Listed:
    sha256: str
    totals: ControlTotals | None


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest declares for each file and for the whole archive."""

    name: str
    files: dict[str, _Listed]
    whole: ControlTotals | None = None

    def check(self, member: Member) -> ControlTotals | None:
        """Return the control totals declared for a member; raises FeedError when it is not listed or its sha256
        differs."""
        listed = self.files.get(_plain(member.name))
        if listed is None:
            raise FeedError("MANIFEST-UNLISTED", "the manifest does not list this file", member.place)
        if listed.sha256:
            found = _sha256(member)
            if found != listed.sha256:
                sentence = "the manifest lists sha256 {listed}, and this file has {found}: send it again"
                raise FeedError("MANIFEST-SHA256", sentence, member.place, listed=listed.sha256, found=found)
        return listed.totals

    def missing(self, names: Iterable[str]) -> Iterator[str]:
        """Yield the listed files that are not among *names*."""
        there = {_plain(name) for name in names}
        return (name for name in self.files if name not in there)


def read_manifest(members: Iterable[Member]) -> Manifest | None:
    """Return the manifest among the members, or None; raises FeedError when it cannot be read or there are two."""
    found = [member for member in members if _plain(member.name).lower() in _NAMES]
    if not found:
        return None
    if len(found) > 1:
        raise FeedError(RULE, "there are two manifests: send one", found[1].place)
    member = found[0]
    with member.unpacked() as file:
        content = file.read(_LARGEST + 1)
    if len(content) > _LARGEST:
        raise FeedError(RULE, "the manifest has more than {most} bytes", member.place, most=_LARGEST)
    try:
        text = TextDecoder("utf-8").decode(content, final=True)
        rows, whole = _json(text) if member.name.lower().endswith(".json") else (_csv(text), None)
        return _manifest(member, rows, whole)
    except NotAValueError as fault:
        raise FeedError(RULE, fault.sentence, member.place, **fault.values) from fault
    except (ValueError, AttributeError, RecursionError, csv.Error) as error:
        raise FeedError(RULE, "the manifest cannot be read: {reason}", member.place, reason=str(error)[:300]) from error


def _manifest(member: Member, rows: list[dict[str, str]], whole: ControlTotals | None) -> Manifest:
    files: dict[str, _Listed] = {}
    for row in rows:
        name = _plain(row.get("file", "").strip())
        if not name or name in files:
            raise NotAValueError(RULE, "the manifest lists the file '{name}' twice, or without a name", name=name[:100])
        sha = row.get("sha256", "").strip().lower()
        if sha and (len(sha) != 64 or sha.strip("0123456789abcdef")):
            raise NotAValueError(RULE, "the manifest gives '{text}', which is no sha256", text=sha[:80])
        sums = {row.get("currency") or DEFAULT_CURRENCY: row["sum"]} if row.get("sum") else {}
        files[name] = _Listed(sha, _totals(row.get("count", ""), sums, member))
    if _WHOLE in files:
        whole = files.pop(_WHOLE).totals
    return Manifest(member.name, files, whole)


def _csv(text: str) -> list[dict[str, str]]:
    heading = text.partition("\n")[0]
    delimiter = next((mark for mark in ";\t," if mark in heading), ";")
    reader = csv.DictReader(io.StringIO(text), delimiter=delimiter, restval="", strict=True)
    names = [name.strip().lower() for name in reader.fieldnames or ()]
    if twice := next((name for name in names if name in _KEYS and names.count(name) > 1), ""):
        raise NotAValueError(RULE, "the heading '{column}' stands twice in the manifest", column=twice)
    rows = list(reader)
    for row in rows:
        if None in row:
            raise NotAValueError(RULE, "a row of the manifest has more columns than its heading")
    return [{str(key).strip().lower(): value or "" for key, value in row.items()} for row in rows]


def _json(text: str) -> tuple[list[dict[str, str]], ControlTotals | None]:
    said = json.loads(text, parse_float=str, parse_int=str, object_pairs_hook=unique_keys)
    whole = None
    if isinstance(said, dict):
        sums = {key: _text(value) for key, value in (said.get("sums") or {}).items()}
        whole = _totals(_text(said.get("count")), sums, None)
        said = said.get("files")
    if not isinstance(said, list) or not all(isinstance(row, dict) for row in said):
        raise NotAValueError(RULE, 'in the manifest "files" is a list of {"file": …}')
    return [{key: _text(value) for key, value in row.items() if key in _KEYS} for row in said], whole


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _totals(count: str, sums: dict[str, str], member: Member | None) -> ControlTotals | None:
    if not count.strip() and not sums:
        return None
    amounts: dict[str, Decimal] = {}
    for currency, amount in sums.items():
        amounts[currency_code(currency.strip())] = decimal(amount.strip().replace(",", "."))
    if count.strip() and not (count.strip().isascii() and count.strip().isdigit() and len(count) < 10):
        raise NotAValueError("AMOUNT-INVALID", "'{text}' is no count", text=count[:40])
    counted = int(count) if count.strip() else None
    return ControlTotals(count=counted, sums=amounts, source=member.place if member else "manifest")


def _sha256(member: Member) -> str:
    digest = sha256()
    with member.unpacked() as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _plain(name: str) -> str:
    """Return a name for comparison: composed letters (UAX 15, NFC), slashes forward."""
    return normalize("NFC", name.replace("\\", "/").removeprefix("./"))
