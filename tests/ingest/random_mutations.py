"""Changes to an invoice that nobody thought of: an element dropped, doubled, moved, emptied or said in another way."""

import copy
import random
from collections.abc import Iterator

from lxml import etree

_PARSER = etree.XMLParser(remove_comments=True, resolve_entities=False, no_network=True)
#: Texts that mean something in some element of an invoice.
_WORDS = (
    "S", "Z", "E", "AE", "K", "G", "O", "L", "M", "B", " S ", "VAT", "GST", "vat", "0", "1", "30", "58", "130", "380",
    "381", "true", "false", "", "EUR", "SEK", "DE", "IT", "VA", "FC", "#ADU#x", "-0.00", "+5", "19.005",
)  # fmt: skip
_ATTRIBUTES = ("schemeID", "listID", "currencyID", "unitCode", "name", "schemeName", "languageID", "format", "mimeCode")
_VALUES = ("VA", "FC", "SEPA", "EUR", " EUR", "0088", "102", "C62", "XX", "text/csv")


def mutants(document: bytes, seed: random.Random, count: int) -> Iterator[tuple[str, bytes]]:
    """Yield *count* changed copies, each with what was done to it: one to four changes at once."""
    for _ in range(count):
        root = etree.fromstring(document, _PARSER)
        done = [_change(root, seed) for _ in range(seed.randint(1, 4))]
        yield "; ".join(done), etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _change(root: etree._Element, seed: random.Random) -> str:
    elements = list(root.iter(etree.Element))
    element = seed.choice(elements[1:] or elements)
    parent = element.getparent()
    how = seed.choice(("drop", "twice", "move", "say", "say", "attribute", "attribute"))
    if parent is None:
        return "nothing"
    if how == "drop":
        parent.remove(element)
    elif how == "twice":
        element.addnext(copy.deepcopy(element))
    elif how == "move":
        seed.choice(elements).append(copy.deepcopy(element))
    elif how == "say" and not len(element):
        element.text = seed.choice(_WORDS)
    elif element.attrib and seed.random() < 0.5:
        del element.attrib[seed.choice(sorted(map(str, element.attrib)))]
    else:
        element.set(seed.choice(_ATTRIBUTES), seed.choice(_VALUES))
    return f"{how} {etree.QName(element).localname}"
