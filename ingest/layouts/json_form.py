"""Where the terms of a bill are in a JSON object: by our names, or by the issuer's."""

from collections.abc import Iterator
from typing import Any, Final

from bill import fatal
from ingest.layouts.clerk import Slip
from ingest.layouts.terms import TERMS
from issuers.layout import Json

#: Terms of these parts go from inside their array.
_EACH: Final = ("line", "vat")
#: The sums of lines and of VAT (BT-106, BT-110) cannot stand where the arrays do.
_SUMS: Final = {"lines": "totals.lines", "vat": "totals.vat"}


class JsonForm:
    """The keys of one profile, by part: of the bill itself, of a line, of a row of VAT."""

    def __init__(self, form: Json) -> None:
        self.terms = tuple(form.columns) + tuple(form.constants)
        self.bills, self._arrays = form.bills, {"line": form.lines, "vat": form.vat}
        columns = form.columns or {term: _key(term) for term in TERMS}
        self._keys: dict[str, dict[str, str]] = {"": {}, "line": {}, "vat": {}}
        for term, key in columns.items():
            part, dot, _ = term.partition(".")
            self._keys[part if dot and part in _EACH else ""][term] = key

    def slips(self, value: dict[str, Any], place: str) -> Iterator[Slip]:
        """What the object says of the bill, then of each line and each row of VAT."""
        yield self._slip(value, "", place)
        for part in _EACH:
            name = self._arrays[part]
            rows = _at(value, name)
            for number, row in enumerate(rows if isinstance(rows, list) else [rows] if rows else [], start=1):
                yield self._slip(row, part, f"{place}, {name}[{number}]")

    def _slip(self, value: Any, part: str, place: str) -> Slip:
        keys = self._keys[part]
        if not isinstance(value, dict):
            fault = fatal("JSON-NOT-A-LINE", "here belongs an object: { … }", place)
            return Slip(place, {}, keys, (fault,))
        texts = {term: text for term, key in keys.items() if (text := _text(_at(value, key))) is not None}
        return Slip(place, texts, keys)


def _key(term: str) -> str:
    part, _, name = term.partition(".")
    return name if part in _EACH and name else _SUMS.get(term, term)


def _at(value: Any, key: str) -> Any:
    """What stands at a dotted key: under its name as it is, or further inside."""
    if not isinstance(value, dict):
        return None
    if key in value:
        return value[key]
    head, dot, rest = key.partition(".")
    return _at(value.get(head), rest) if dot else None


def _text(value: Any) -> str | None:
    """A value's text; an object or an array where a value belongs is told as what it is."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else "{…}" if isinstance(value, dict) else "[…]"
