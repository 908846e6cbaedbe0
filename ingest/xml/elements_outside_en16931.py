"""Elements that a syntax has and EN 16931 does not use: UBL-CR and CII-SR, warnings of the official validation.

They stand in text files, a rule and a path on each line; the paths begin at the elements that the line `in …` before
them names, or at the invoice itself. A path is looked for from its end, at the elements of its last two tags: an
ordinary bill has next to none.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from lxml import etree

from ingest.xml.tag_names import Tags

#: A path below the invoice: its tags, from the last one up.
_Upwards = tuple[str, ...]
#: The elements of a document by their tag and their parent's.
_ByTags = Mapping[tuple[Any, Any], Sequence[etree._Element]]


class UnusedElements:
    """The unused elements of one syntax."""

    def __init__(self, written: str, namespaces: Mapping[str, str]) -> None:
        self.rules: Final[list[str]] = []
        self._tags: Final = Tags(namespaces)
        self.paths: Final[list[_Upwards]] = []
        #: By an element's tag and its parent's ("" for the invoice): the rules, with the paths that end there.
        self._ends: Final[dict[tuple[str, str], list[tuple[str, _Upwards]]]] = {}
        contexts = [""]
        for line in written.splitlines():
            if line.startswith("in "):
                contexts = line.split()[1:]
            elif line and not line.startswith("#"):
                rule, path = line.split()
                self.rules.append(rule)
                for context in contexts:
                    self._add(rule, f"{context}/{path}".strip("/"))

    def _add(self, rule: str, path: str) -> None:
        upwards = tuple(self._tags[name] for name in reversed(path.split("/")))
        self.paths.append(upwards)
        parent = upwards[1] if len(upwards) > 1 else ""
        self._ends.setdefault((upwards[0], parent), []).append((rule, upwards))

    def find(self, root: etree._Element, by_tags: _ByTags) -> Iterator[tuple[str, etree._Element]]:
        """Yield each rule that an element of the invoice breaks, with the first element at its path."""
        for (tag, parent), elements in by_tags.items():
            for rule, upwards in (*self._ends.get((tag, parent), ()), *self._ends.get((tag, ""), ())):
                at = next((element for element in elements if _is_at(element, upwards, root)), None)
                if at is not None:
                    yield rule, at


class UnusedAttributes:
    """The attributes that EN 16931 does not use, on any element: a mapping of rule id to name. An attribute `name`
    belongs to the elements *names_of*."""

    def __init__(self, attributes: Mapping[str, str], names_of: str = "") -> None:
        self.rules: Final = tuple(attributes)
        self._rules: Final = {name: rule for rule, name in attributes.items()}
        self._names_of: Final = f"}}{names_of}"
        self._unusual: Final = etree.XPath(f"descendant-or-self::*/@*[not({_USUAL})]") if attributes else None

    def find(self, root: etree._Element) -> Iterator[tuple[str, etree._Element, str]]:
        """Yield each rule that an element of the invoice breaks, with the element and the attribute."""
        found: Any = self._unusual(root) if self._unusual is not None else ()
        for attribute in found:
            rule, at = self._rules.get(attribute.attrname), attribute.getparent()
            if rule is not None and not (attribute.attrname == "name" and at.tag.endswith(self._names_of)):
                yield rule, at, attribute.attrname


_USUAL: Final = "contains(' currencyID unitCode schemeID listID mimeCode filename ', concat(' ', name(), ' '))"


def read_unused_elements(path: Path, namespaces: Mapping[str, str]) -> UnusedElements:
    """Return the unused elements of a file."""
    return UnusedElements(path.read_text(encoding="utf-8"), namespaces)


def _is_at(element: etree._Element, upwards: _Upwards, root: etree._Element) -> bool:
    """Return whether the tags of an element and of those above it, up to the invoice, are these."""
    above: etree._Element | None = element
    for tag in upwards:
        if above is None or above.tag != tag:
            return False
        above = above.getparent()
    return above is root
