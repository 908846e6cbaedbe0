"""Elements that a syntax has and EN 16931 does not use: UBL-CR and CII-SR, warnings of the official validation.

They stand in text files, a rule and a path on each line; the paths begin at the elements that the line `in …` before
them names, or at the invoice itself. All paths are one tree, which is walked together with the document: an ordinary
bill costs one look-up for each element that has unused neighbours.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from lxml import etree

#: A step of the tree: tag -> the rules whose path ends here, and the steps below.
_Step = dict[str, tuple[list[str], Any]]


class UnusedElements:
    """The unused elements of one syntax."""

    def __init__(self, written: str, namespaces: Mapping[str, str]) -> None:
        self.rules: Final[list[str]] = []
        self._namespaces: Final = namespaces
        self.tree: Final[_Step] = {}
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
        step, rules = self.tree, self.rules
        for name in path.split("/"):
            prefix, _, local = name.partition(":")
            rules, step = step.setdefault(f"{{{self._namespaces[prefix]}}}{local}", ([], {}))
        rules.append(rule)

    def find(self, root: etree._Element) -> Iterator[tuple[str, etree._Element]]:
        """Yield each rule that an element of the invoice breaks, with the element."""
        return _walk(root, self.tree)


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


def _walk(element: etree._Element, step: _Step) -> Iterator[tuple[str, etree._Element]]:
    for child in element:
        found = step.get(child.tag)
        if found is not None:
            rules, below = found
            for rule in rules:
                yield rule, child
            if below:
                yield from _walk(child, below)
