"""Small changes to a good document, each to break one rule: where, and what is done there."""

import copy
from collections.abc import Callable

from lxml import etree

NAMESPACES = {
    "cac": "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2",
    "cbc": "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2",
    "rsm": "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100",
    "ram": "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100",
    "udt": "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100",
    "qdt": "urn:un:unece:uncefact:data:standard:QualifiedDataType:100",
}
Mutation = Callable[[etree._Element], None]


def mutated(document: bytes, *mutations: Mutation) -> bytes:
    root = etree.fromstring(document)
    for mutation in mutations:
        mutation(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _at(root: etree._Element, path: str) -> list[etree._Element]:
    found = root.xpath(path, namespaces=NAMESPACES)
    assert found, path
    return found


def drop(*paths: str) -> Mutation:
    """Every element of the paths goes."""

    def change(root: etree._Element) -> None:
        for path in paths:
            for element in _at(root, path):
                element.getparent().remove(element)

    return change


def twice(path: str, words: str | None = None) -> Mutation:
    """The first element of the path comes a second time, with other *words* where they are given."""

    def change(root: etree._Element) -> None:
        first = _at(root, path)[0]
        second = copy.deepcopy(first)
        if words is not None:
            second.text = words
        first.addnext(second)

    return change


def says(path: str, words: str) -> Mutation:
    """Every element of the path has other words."""

    def change(root: etree._Element) -> None:
        for element in _at(root, path):
            element.text = words

    return change


def attribute(path: str, name: str, words: str | None) -> Mutation:
    """The first element of the path has this attribute, or has it no more."""

    def change(root: etree._Element) -> None:
        element = _at(root, path)[0]
        element.attrib.pop(name, None)
        if words is not None:
            element.set(name, words)

    return change


def holds(path: str, fragment: str) -> Mutation:
    """The first element of the path has one more child."""

    def change(root: etree._Element) -> None:
        names = " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in NAMESPACES.items())
        _at(root, path)[0].append(etree.fromstring(f"<x {names}>{fragment}</x>")[0])

    return change


def together(*mutations: Mutation) -> Mutation:
    def change(root: etree._Element) -> None:
        for mutation in mutations:
            mutation(root)

    return change
