"""Finds the terms of a bill in a JSON object: under our field names, or under the issuer's keys from its profile."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from bill import Finding, fatal, warning
from ingest.custom_formats.field_names import TERMS
from ingest.custom_formats.record_mapper import MappedRecord
from issuers.file_layouts import JsonLayout

#: The keys of these parts are looked up inside their array.
_EACH: Final = ("line", "vat", "instalment", "preceding")
#: Terms that are prose; an array of pieces is joined.
_PROSE: Final = frozenset({"note", "terms", "line.note", "line.description", "payment.means_text"})
#: Terms that may also be an array of objects with more terms.
_ARRAYS: Final = frozenset({"preceding"})
_TWICE: Final = "{term} stands here {count} times, and not the same each time: nobody can tell which one is meant"
#: The sums of lines and of VAT (BT-106, BT-110) stand under `totals`, because the arrays have their names.
_SUMS: Final = {"lines": "totals.lines", "vat": "totals.vat"}


class JsonForm:
    """The keys of one profile, grouped by part: the bill itself, a line, a row of the VAT breakdown."""

    def __init__(self, form: JsonLayout) -> None:
        self.terms = tuple(form.columns) + tuple(form.constants)
        self.bills = form.bills
        self._arrays = {
            "line": form.lines, "vat": form.vat, "instalment": form.instalments,
            "preceding": form.columns.get("preceding", form.preceding),
        }  # fmt: skip
        columns = form.columns or {term: _key(term) for term in TERMS}
        self._keys: dict[str, dict[str, str]] = {part: {} for part in ("", *_EACH)}
        for term, key in columns.items():
            part, dot, _ = term.partition(".")
            self._keys[part if dot and part in _EACH else ""][term] = key

    def mapped_records(self, value: dict[str, Any], place: str) -> Iterator[MappedRecord]:
        """Yield the mapped records of an object: first the bill itself, then each line, VAT row, and so on."""
        yield self._record(value, "", place)
        for part in _EACH:
            for number, row in enumerate(self._rows(value, part), start=1):
                yield self._record(row, part, f"{place}, {self._arrays[part]}[{number}]")

    def _rows(self, value: dict[str, Any], part: str) -> list[Any]:
        """Return the objects of an array; a single object counts as an array of one. Preceding bills may be given by
        number alone."""
        name = self._arrays[part]
        said = _at(value, name) if name else None
        rows = said if isinstance(said, list) else [said] if said else []
        if part != "preceding":
            return rows
        key = self._keys[part].get("preceding.number", "number")
        return [{key: row} if isinstance(row, str) else row for row in rows]

    def _record(self, value: Any, part: str, place: str) -> MappedRecord:
        keys = self._keys[part]
        if not isinstance(value, dict):
            fault = fatal("JSON-NOT-A-LINE", "here belongs an object: { … }", place)
            return MappedRecord(place, {}, keys, (fault,))
        texts: dict[str, str] = {}
        faults: list[Finding] = []
        twice = _twice(value)
        if twice and not part:
            arrays = [name for name in self._arrays.values() if name and name not in keys.values()]
            faults += [
                fatal("TERM-TWICE", _TWICE, f"{place}, {name}", term=name, count=twice[_folded(name)])
                for name in arrays
                if _folded(name) in twice
            ]
        for term, key in keys.items():
            said = _at(value, key)
            if twice and said is not None and _folded(key) in twice:
                faults.append(fatal("TERM-TWICE", _TWICE, f"{place}, {key}", term=term, count=twice[_folded(key)]))
            elif isinstance(said, str):
                texts[term] = said
            elif said is not None and (text := _one(term, said, f"{place}, {key}", faults)) is not None:
                texts[term] = text
        return MappedRecord(place, texts, keys, tuple(faults))


def _twice(value: dict[str, Any], above: str = "") -> dict[str, int]:
    """Return the keys, case-folded, that differ only by capitals and blanks and have different values, with how many
    there are."""
    said: dict[str, list[Any]] = {}
    for key, each in value.items():
        said.setdefault(above + _folded(key), []).append(each)
    found = {key: len(values) for key, values in said.items() if any(each != values[0] for each in values)}
    for key, (each, *_) in said.items():
        if isinstance(each, dict):
            found |= _twice(each, f"{key}.")
    return found


@lru_cache(maxsize=4096)
def _folded(key: str) -> str:
    return " ".join(key.split()).casefold()


def _key(term: str) -> str:
    part, _, name = term.partition(".")
    return name if part in _EACH and name else _SUMS.get(term, term)


def _at(value: Any, key: str) -> Any:
    """Return the value at a dotted key: under that literal name, or nested."""
    if not isinstance(value, dict):
        return None
    if key in value:
        return value[key]
    head, dot, rest = key.partition(".")
    return _at(value.get(head), rest) if dot else None


def _one(term: str, said: Any, place: str, faults: list[Finding]) -> str | None:
    """Return the single text of a term. Prose may be an array of pieces; any other term given twice is an error."""
    if isinstance(said, bool):
        return "true" if said else "false"
    if isinstance(said, str):
        return said
    if term in _ARRAYS and isinstance(said, list | dict):
        return None
    if isinstance(said, list) and (len(said) > 1 or TERMS[term] is str) and all(isinstance(each, str) for each in said):
        different = list(dict.fromkeys(said))
        if len(different) < 2 or term in _PROSE:
            return "\n".join(different) or None
        faults.append(fatal("TERM-TWICE", _TWICE, place, term=term, count=len(said)))
        return None
    if TERMS[term] is str:
        sentence = "here belongs one value: this is an object or a list, and says nothing"
        faults.append(warning("JSON-NOT-A-VALUE", sentence, place))
    return "{…}" if isinstance(said, dict) else "[…]"  # which is no amount, and no day
