"""Checks the official rules of EN 16931 on an XML document, and notes which it breaks.

The document is walked once; the tests of all rules about one tag below one parent are one XPath expression, taken apart
only where it matches. The kinds of rules stand in `ingest.xml.official_rule_kinds`, and what EN 16931 does not use in
`ingest.xml.elements_outside_en16931`.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from lxml import etree

from bill import Finding, Severity, Value, fatal, warning
from ingest.xml.document_elements import DocumentElements, Elements, tag_of
from ingest.xml.element import Element, local_name, where
from ingest.xml.elements_outside_en16931 import UnusedAttributes, UnusedElements
from ingest.xml.mapper import XmlMapper
from ingest.xml.official_rule_kinds import (
    UNUSED,
    UNUSED_ATTRIBUTE,
    AttributeRule,
    CodeRule,
    DecimalsRule,
    DocumentRule,
    ElementRule,
    Finder,
    Rule,
    RuleOfElements,
    too_many_decimals,
)


class Breach(NamedTuple):
    """A rule broken at an element, with its finding's sentence and values."""

    rule: str
    sentence: str
    at: etree._Element
    severity: Severity = "fatal"
    values: Mapping[str, Value] = {}


class OfficialRules:
    """The rules of one syntax, compiled."""

    def __init__(
        self,
        namespaces: Mapping[str, str],
        rules: Iterable[Rule],
        families: Mapping[str, str],
        finders: Iterable[Finder],
        unused: UnusedElements,
        attributes: UnusedAttributes,
    ) -> None:
        """*families* maps each rule that the *finders* name to its sentence."""
        self.rules: Final = tuple(rules)
        self.families: Final = dict(families)
        self.unused: Final = unused
        self.attributes: Final = attributes
        self._namespaces: Final = dict(namespaces)
        self._finders: Final = tuple(finders)
        self._of_document: Final = [rule for rule in self.rules if isinstance(rule, DocumentRule)]
        self._patterns: Final = [
            (rule, _pattern(one, self._namespaces))
            for rule in self.rules
            if not isinstance(rule, DocumentRule)
            for one in rule.on.split(" | ")
        ]
        self._by_tags: Final[dict[tuple[Any, Any], _Asked | None]] = {}

    def sentences(self) -> Iterator[tuple[str, str]]:
        """Yield each rule that can be broken with what is then said."""
        yield from ((rule, UNUSED) for rule in self.unused.rules)
        yield from ((rule, UNUSED_ATTRIBUTE) for rule in self.attributes.rules)
        yield from self.families.items()
        yield from ((rule.rule, rule.sentence) for rule in self.rules)

    def ask(self, root: Element, mapper: XmlMapper) -> None:
        """Note the verdict on the invoice *root*: each rule that it breaks, at its first place. XPath needs an element
        of lxml."""
        assert isinstance(root, etree._Element)
        verdict: dict[str, Finding] = {}
        for breach in self._breaches(root):
            if breach.rule not in verdict:
                tell = fatal if breach.severity == "fatal" else warning
                place = where(breach.at, mapper.unseen)
                verdict[breach.rule] = tell(breach.rule, breach.sentence, place, **breach.values)
        mapper.notes.verdict = list(verdict.values())

    def _breaches(self, root: etree._Element) -> Iterator[Breach]:
        document = DocumentElements(root)
        for tags, elements in document.by_tags.items():
            asked = self._by_tags[tags] if tags in self._by_tags else self._asked_of(*tags)
            if asked is not None:
                yield from asked.breaches(elements)
        for rule in self._of_document:
            at = rule.find(document)
            if at is not None:
                yield Breach(rule.rule, rule.sentence, at)
        for finder in self._finders:
            for name, at in finder(document):
                yield Breach(name, self.families[name], at)
        for unused, at in self.unused.find(root, document.by_tags):
            yield Breach(unused, UNUSED, at, "warning", {"name": local_name(at)})
        for unused, at, name in self.attributes.find(root):
            yield Breach(unused, UNUSED_ATTRIBUTE, at, "warning", {"name": name})

    def _asked_of(self, tag: Any, parent: Any) -> "_Asked | None":
        """Return what is asked of the elements of a tag with such a parent, compiled when the first of them comes."""
        about = [(rule, pattern) for rule, pattern in self._patterns if pattern.is_about(str(tag), parent)]
        asked = _Asked(about, self._namespaces) if about else None
        if len(self._by_tags) < _MOST_TAGS:
            self._by_tags[tag, parent] = asked
        return asked


#: Pairs of tags whose tests are kept: an ordinary syntax has a few hundred, a flood of made-up names has no end.
_MOST_TAGS: Final = 5_000


class _Pattern(NamedTuple):
    start: str  # of the tag
    end: str | None  # of the tag; None when *start* is the whole tag
    parent: str  # its tag; "" when there is none
    condition: str  # an XPath test of what is above the parent, and of predicates; "" when there is none

    def is_about(self, tag: str, parent: str | None) -> bool:
        if self.parent and self.parent != parent:
            return False
        return tag == self.start if self.end is None else tag.startswith(self.start) and tag.endswith(self.end)


class _Asked:
    """The rules about the elements of one tag and one parent."""

    def __init__(self, about: list[tuple[RuleOfElements, _Pattern]], namespaces: Mapping[str, str]) -> None:
        self._codes: list[tuple[CodeRule, etree.XPath | None]] = []
        self._decimals: list[tuple[DecimalsRule, etree.XPath | None]] = []
        self._attributes: dict[str, list[tuple[AttributeRule, etree.XPath | None]]] = {}
        tests: list[tuple[ElementRule, str]] = []
        for rule, pattern in about:
            condition = pattern.condition
            is_meant = _xpath(condition, namespaces) if condition else None
            if isinstance(rule, CodeRule):
                self._codes.append((rule, is_meant))
            elif isinstance(rule, DecimalsRule):
                self._decimals.append((rule, is_meant))
            elif isinstance(rule, AttributeRule):
                self._attributes.setdefault(rule.name, []).append((rule, is_meant))
            else:
                tests.append((rule, condition))
        self._anything = _xpath(_question(tests), namespaces) if tests else None
        self._each = [(rule, _xpath(_question([(rule, condition)]), namespaces)) for rule, condition in tests]

    def breaches(self, elements: Elements) -> Iterator[Breach]:
        """Yield what these elements break. One XPath test for all rules comes first; it costs as ten look-ups do."""
        anything = self._anything
        if anything is not None:
            for element in elements:
                if anything(element):
                    yield from self._tested(element)
        yield from self._wrong_codes(elements)
        if self._decimals:
            for element in elements:
                if (values := too_many_decimals(element)) is not None:
                    yield from self._too_exact(element, values)
        if self._attributes:
            for element in elements:
                for name in element.keys():  # noqa: SIM118 - an element is no mapping
                    yield from self._unused(element, str(name))

    def _wrong_codes(self, elements: Elements) -> Iterator[Breach]:
        for rule, is_meant in self._codes:
            for element in elements:
                values = rule.fault(element)
                if values is not None and (is_meant is None or is_meant(element)):
                    yield Breach(rule.rule, rule.sentence, element, values=values)

    def _tested(self, element: etree._Element) -> Iterator[Breach]:
        for rule, breaks in self._each:
            if breaks(element):
                values = {"name": rule.name} if rule.name else {}
                yield Breach(rule.rule, rule.sentence, element, rule.severity, values)

    def _too_exact(self, element: etree._Element, values: Mapping[str, Value]) -> Iterator[Breach]:
        for rule, is_meant in self._decimals:
            if is_meant is None or is_meant(element):
                yield Breach(rule.rule, rule.sentence, element, values=values)

    def _unused(self, element: etree._Element, name: str) -> Iterator[Breach]:
        for rule, is_meant in self._attributes.get(name, ()):
            if is_meant is None or is_meant(element):
                yield Breach(rule.rule, rule.sentence, element, rule.severity, {"name": name})


def _question(tests: list[tuple[ElementRule, str]]) -> str:
    """Return an XPath test that matches when one of the rules is broken, each under its condition."""
    wrongs: dict[str, list[str]] = {}
    for rule, condition in tests:
        wrongs.setdefault(condition, []).append(f"({rule.wrong})")
    return " or ".join(
        f"(({condition}) and ({' or '.join(wrong)}))" if condition else f"({' or '.join(wrong)})"
        for condition, wrong in wrongs.items()
    )


def _xpath(test: str, namespaces: Mapping[str, str]) -> etree.XPath:
    return etree.XPath(f"boolean({test})", namespaces=namespaces)


def _pattern(written: str, namespaces: Mapping[str, str]) -> _Pattern:
    """Return a pattern such as `cac:InvoiceLine/cac:Item[cbc:Name]`."""
    *parents, last = _steps(written)
    name, _, predicate = last.partition("[")
    conditions = [f"self::*[{predicate}"] if predicate else []
    parent, above = "", ""
    for step in parents:
        inner, _, wanted = step.partition("[")
        parent = tag_of(inner, namespaces)
        test = (f"[{wanted}" if wanted else "") + (f"[{above}]" if above else "")
        above = f"parent::{inner}{test}"
    if "[" in above:
        conditions.append(above)
    before, star, end = name.partition("*")
    start = tag_of(before, namespaces) if before else ""
    return _Pattern(start, end if star else None, parent, " and ".join(conditions))


def _steps(written: str) -> list[str]:
    """Split a pattern at the slashes outside its predicates."""
    steps, depth = [""], 0
    for letter in written:
        depth += (letter == "[") - (letter == "]")
        if letter == "/" and depth == 0:
            steps.append("")
        else:
            steps[-1] += letter
    return steps
