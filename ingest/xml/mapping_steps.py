"""What mapping tables are written with: tags with prefixes, and the steps that store values, groups and lists."""

from collections.abc import Callable, Mapping
from typing import Any

from bill import Identifier
from ingest.document_findings import Found
from ingest.xml.element import Element, attribute_of
from ingest.xml.mapper import Meaning, Read, Step, Table, ValueMapping, XmlMapper
from untrusted.value_parsing import code, day, decimal, prose, words


def table(namespaces: Mapping[str, str], meanings: Mapping[str, Meaning]) -> Table:
    """Return a table with full tags from one with prefixes, such as `{"cbc:InvoicedQuantity cbc:CreditedQuantity":
    meaning}`."""
    spelled: Table = {}
    for names, meaning in meanings.items():
        for name in names.split():
            prefix, _, local = name.partition(":")
            spelled[f"{{{namespaces[prefix]}}}{local}"] = meaning
    return spelled


def amount(key: str) -> ValueMapping:
    """Return a mapping of an exact number into *key*."""
    return ValueMapping(key, decimal)


def words_of(key: str) -> ValueMapping:
    """Return a mapping of one-line text into *key*."""
    return ValueMapping(key, words)


def earliest(key: str) -> Step:
    """Return a step that keeps the earliest of several days."""

    def step(element: Element, found: Found, mapper: XmlMapper) -> None:
        when = mapper.value_of(element, day)
        if when is not None:
            found[key] = min(when, found.get(key, when))

    return step


def joined(key: str, read: Read = prose) -> Step:
    """Return a step that joins repeated prose, one line each."""

    def step(element: Element, found: Found, mapper: XmlMapper) -> None:
        piece = mapper.value_of(element, read)
        if piece is not None:
            found[key] = f"{found[key]}\n{piece}" if key in found else piece

    return step


def qualified(key: str, attribute: str, beside: str, read: Read = words) -> Step:
    """Return a step that stores a value in *key* and its attribute in *beside*: quantity and unit, identifier and
    scheme."""

    def step(element: Element, found: Found, mapper: XmlMapper) -> None:
        value = mapper.value_of(element, read, key)
        if value is None:
            return
        if key in found:
            mapper.repeated(element, key)
            return
        found[key] = value
        if (said := element.get(attribute)) and (known := code(said)):
            found[beside] = known

    return step


def identifier(key: str, attribute: str = "schemeID") -> Step:
    """Return a step that stores an identifier with its scheme."""

    def step(element: Element, found: Found, mapper: XmlMapper) -> None:
        value = mapper.value_of(element, words)
        if value is not None:
            found.setdefault(key, Identifier(value=value, scheme=attribute_of(element, attribute)))

    return step


def identifiers(key: str, attribute: str = "schemeID") -> Step:
    """Return a step that appends each identifier to the list *key*."""

    def step(element: Element, found: Found, mapper: XmlMapper) -> None:
        value = mapper.value_of(element, words)
        if value is not None:
            found.setdefault(key, []).append(Identifier(value=value, scheme=attribute_of(element, attribute)))

    return step


def group(key: str, meanings: Table, make: Callable[..., Any]) -> Step:
    """Return a step that maps an element with its own table and stores `make(**found)` in *key*; an empty element is
    absent."""

    def step(element: Element, found: Found, mapper: XmlMapper) -> None:
        inner: Found = {}
        mapper.map_element(element, meanings, inner)
        if inner:
            if key in found:
                mapper.repeated(element, key)
            else:
                found[key] = make(**inner)

    return step


def each(key: str, meanings: Table, make: Callable[..., Any]) -> Step:
    """Return a step that appends each such element to the list *key*, even an empty one."""

    def step(element: Element, found: Found, mapper: XmlMapper) -> None:
        inner: Found = {}
        mapper.map_element(element, meanings, inner)
        made = make(**inner)
        if made is not None:
            found.setdefault(key, []).append(made)

    return step
