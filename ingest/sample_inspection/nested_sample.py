"""Inspects samples of JSON and of an issuer's own XML: the array or element of one bill, the keys in it, and the arrays
of lines, VAT and instalments."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from ingest.custom_formats.xml_reader import element_content
from ingest.sample_inspection.delimited_sample import MOST_ROWS, examples_of, filled_share, value_settings
from ingest.sample_inspection.heading_words import terms_named
from ingest.sample_inspection.propose_terms import FieldValues, propose_terms
from ingest.sample_inspection.sample_text import SampleText
from ingest.xml.element import local_name
from issuers.profile_studio.sample_report import SampleField, SampleReport
from untrusted.feed_error import FeedError
from untrusted.json_stream_parser import BrokenError
from untrusted.json_stream_parser import parse as parse_json
from untrusted.xml import safe_parser

#: The words by which arrays are known; the first that is none of these are the lines.
_ARRAYS: Final = {
    "vat": ("vat", "tva", "tax", "taxe", "mwst"), "instalment": ("instalment", "echeance", "installment"),
    "preceding": ("preceding", "origine"), "line": ("line", "ligne", "item", "detail", "position", "poste"),
}  # fmt: skip
_MOST_FIELDS: Final = 200
_DEEPEST: Final = 6


def inspect_json(sample: SampleText, present: Mapping[str, object]) -> SampleReport:
    """The report of a JSON sample; raises FeedError where it is no JSON, or holds no objects."""
    bills, key = _json_bills(sample.text)
    return _inspected("json", bills, {"encoding": sample.encoding, "bills": key}, present)


def inspect_xml(content: bytes, present: Mapping[str, object]) -> SampleReport:
    """The report of a sample of XML; raises FeedError where it is broken."""
    root = safe_parser.parse(content)
    names = Counter(local_name(each) for each in root.iterchildren("*") if len(each))
    above = root
    while len(names) == 1 and next(iter(names.values())) == 1 and above is not None:  # a frame around the bills
        inner = next(each for each in above.iterchildren("*") if len(each))
        deeper = Counter(local_name(each) for each in inner.iterchildren("*") if len(each))
        if not deeper or max(deeper.values()) < 2 or _is_array(next(iter(deeper))):
            break
        above, names = inner, deeper
    if not names:
        raise FeedError("XML-NO-BILL", "no element of this file holds others: it has no bill")
    name = names.most_common(1)[0][0]
    found = [element_content(each) for each in root.iter(f"{{*}}{name}")][:MOST_ROWS]
    return _inspected("xml", found, {"bills": name}, present)


def _inspected(
    syntax: Any, bills: Sequence[dict[str, Any]], settings: dict[str, str], present: Mapping[str, object]
) -> SampleReport:
    arrays = _arrays(bills)
    values = _values(bills, arrays.values())
    parts: dict[str, dict[str, list[str]]] = {"": values}
    for part, path in arrays.items():
        parts[part] = _values([row for bill in bills for row in _rows(bill, path)], ())
    found = [
        FieldValues(SampleField(path, path, part, examples_of(said), filled_share(said)), said)
        for part, fields in parts.items()
        for path, said in fields.items()
    ][:_MOST_FIELDS]
    written = value_settings([each.values for each in found])
    return SampleReport(
        syntax, rows=len(bills), settings={**settings, **written}, arrays=arrays, fields=propose_terms(found, present)
    )


def _json_bills(text: str) -> tuple[list[dict[str, Any]], str]:
    """The objects of bills, and the key of their array ("bills" where they stand in none)."""
    try:
        value = parse_json(text)
    except BrokenError:
        value = list(_json_lines(text))
    bills, key = value, "bills"
    if isinstance(value, dict):
        lists = {name: each for name, each in value.items() if isinstance(each, list) and _is_rows(each)}
        named = {name: each for name, each in lists.items() if not _is_array(name)}
        if "bills" in lists or (named and not terms_named("".join(value.keys() & {"number", "numero", "facture"}))):
            key = "bills" if "bills" in lists else max(named, key=lambda name: len(named[name]))
            bills = lists[key]
        else:
            bills = [value]
    found = [each for each in bills if isinstance(each, dict)] if isinstance(bills, list) else []
    if not found:
        raise FeedError("FEED-EMPTY", "there is no object in this file, and so no bill")
    return found[:MOST_ROWS], key


def _json_lines(text: str) -> Iterator[Any]:
    for number, line in enumerate(text.splitlines()[:MOST_ROWS], 1):
        if line.strip():
            try:
                yield parse_json(line)
            except BrokenError as broken:
                raise FeedError(
                    "JSON-BROKEN", "this is no JSON: {reason}", f"line {number}", reason=str(broken)
                ) from broken


def _arrays(bills: Sequence[dict[str, Any]]) -> dict[str, str]:
    """The arrays of objects in a bill, by the part of terms that they seem to be."""
    found: dict[str, str] = {}
    paths = dict.fromkeys(path for bill in bills for path in _array_paths(bill))
    for path in paths:
        part = next((part for part, words in _ARRAYS.items() if any(word in path.casefold() for word in words)), "line")
        found.setdefault(part, path)
    return found


def _array_paths(value: Mapping[str, Any], above: str = "", depth: int = 0) -> Iterator[str]:
    for key, each in value.items():
        if isinstance(each, list) and _is_rows(each):
            yield above + key
        elif isinstance(each, dict) and depth < _DEEPEST:
            if _is_array(key) and all(not isinstance(inner, dict | list) for inner in each.values()):
                yield above + key  # the only one of its kind
            else:
                yield from _array_paths(each, f"{above}{key}.", depth + 1)


def _is_array(key: str) -> bool:
    return any(key.casefold().startswith(word) for words in _ARRAYS.values() for word in words)


def _is_rows(values: list[Any]) -> bool:
    return bool(values) and all(isinstance(each, dict) for each in values)


def _rows(value: Any, path: str) -> list[dict[str, Any]]:
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)]


def _values(objects: Sequence[Mapping[str, Any]], besides: Any) -> dict[str, list[str]]:
    """The plain values of all objects by their dotted keys, "" where one has none."""
    flat = [dict(_flat(each, tuple(besides))) for each in objects]
    return {path: [each.get(path, "") for each in flat] for path in dict.fromkeys(key for each in flat for key in each)}


def _flat(
    value: Mapping[str, Any], besides: tuple[str, ...], above: str = "", depth: int = 0
) -> Iterator[tuple[str, str]]:
    for key, each in value.items():
        path = above + key
        if path in besides:
            continue
        if isinstance(each, dict) and depth < _DEEPEST:
            yield from _flat(each, besides, f"{path}.", depth + 1)
        elif isinstance(each, str):
            yield path, each.strip()
        elif not isinstance(each, list | dict) and each is not None:
            yield path, json.dumps(each)
