"""The engine of the official rules of EN 16931: asks each of them of an XML document. The rules stand in
`ingest/ubl/official_rules` and `ingest/cii/official_rules`.

Four kinds of rules: an XPath test of an element (`ElementRule`), a code of a list (`CodeRule`), a check of the whole
document in Python (`DocumentRule`), and elements that EN 16931 does not use (`UnusedElements`). The document is walked
once; the tests of all rules about one name of elements are one XPath expression, taken apart only where it matches.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeVar

from lxml import etree

from bill import Finding, Severity, Value, fatal, warning
from ingest.xml.element import Element, local_name, where
from ingest.xml.elements_outside_en16931 import UnusedAttributes, UnusedElements
from ingest.xml.mapper import XmlMapper
from ingest.xml.xpath_values import string_of

Elements = list[etree._Element]
_Answer = TypeVar("_Answer")


class ElementRule(NamedTuple):
    """A rule by its official id.

    *on* says which elements are tested: patterns joined by ` | `, each the name of the element, after the names of its
    parents (`cac:InvoiceLine/cac:Price`), with predicates; `ram:*Amount` stands for all names with that end, `*Amount`
    in any namespace. *wrong* is an XPath test that matches what breaks the rule. *sentence* is the finding's text,
    *name* fills its placeholder.
    """

    rule: str
    on: str
    wrong: str
    sentence: str
    severity: Severity = "fatal"
    name: str = ""


class CodeRule(NamedTuple):
    """The text of the elements *on*, or their *attribute* where they have it, is one of the *codes*."""

    rule: str
    on: str
    codes: frozenset[str]
    sentence: str
    attribute: str = ""
    is_any_case: bool = False
    is_exact: bool = False  # blanks around it do not belong to a code, but here
    is_needed: bool = False  # an absent attribute is a wrong one

    def fault(self, element: etree._Element) -> Mapping[str, Value] | None:
        """Return the code that is not in the list; None when it is, or when there is no such attribute."""
        said = element.get(self.attribute) if self.attribute else string_of(element)
        if said in self.codes or (said is None and not self.is_needed):
            return None
        said = said or ""
        known = said if self.is_exact else " ".join(said.split())
        is_known = (known.upper() if self.is_any_case else known) in self.codes
        return None if is_known else {"code": known[:80]}


class AttributeRule(NamedTuple):
    """The elements *on* do not have the attribute *name*."""

    rule: str
    on: str
    name: str
    severity: Severity = "fatal"
    sentence: str = "the attribute {name} does not belong here"


class DecimalsRule(NamedTuple):
    """The amounts *on* have two decimals at most."""

    rule: str
    on: str
    sentence: str = "{amount} has more than two decimals"


def too_many_decimals(element: etree._Element) -> Mapping[str, Value] | None:
    """Return the amount where more than two characters follow its point; None where they do not."""
    text = string_of(element)
    if "." not in text or len(text) - text.index(".") <= _CENTS:
        return None
    return {"amount": text[:80]}


_CENTS: Final = 3  # the point and two decimals


class DocumentRule(NamedTuple):
    """A rule that a function asks of the whole document: it returns the first element that breaks it, or None."""

    rule: str
    find: Callable[["DocumentElements"], etree._Element | None]
    sentence: str


#: A rule about single elements.
RuleOfElements = ElementRule | CodeRule | AttributeRule | DecimalsRule
Rule = RuleOfElements | DocumentRule
#: What several rules find together (the rules of a VAT category): pairs of rule and element.
Finder = Callable[["DocumentElements"], Iterator[tuple[str, etree._Element]]]


class DocumentElements:
    """The elements of one document by their tag and their parent's."""

    def __init__(self, root: etree._Element) -> None:
        self.root: Final = root
        self.by_tags: Final[dict[tuple[Any, Any], Elements]] = {(root.tag, None): [root]}
        self._answers: Final[dict[Any, Any]] = {}
        by_tags = self.by_tags
        for element in root.iterdescendants():
            tags = element.tag, element.getparent().tag  # type: ignore[union-attr]  # what is below has a parent
            if tags in by_tags:
                by_tags[tags].append(element)
            else:
                by_tags[tags] = [element]

    @cached_property
    def _by_tag(self) -> dict[str, Elements]:
        found: dict[str, Elements] = {}
        for (tag, _), elements in self.by_tags.items():
            found[tag] = [*found[tag], *elements] if tag in found else elements
        return found

    def below(self, parent: str, tag: str) -> Elements:
        """Return the elements of a tag whose parent has the tag *parent*, in document order."""
        return self.by_tags.get((tag, parent), [])

    def once(self, find: Callable[["DocumentElements"], _Answer]) -> _Answer:
        """Return what *find* returns for this document, found once."""
        if find not in self._answers:
            self._answers[find] = find(self)
        answer: _Answer = self._answers[find]
        return answer

    def tagged(self, tag: str) -> Elements:
        """Return the elements of a tag, those of one parent in document order."""
        return self._by_tag.get(tag, [])


def tag_of(name: str, namespaces: Mapping[str, str]) -> str:
    """Return lxml's tag of a name with prefix."""
    prefix, _, local = name.partition(":")
    return f"{{{namespaces[prefix]}}}{local}"


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
        yield from ((rule, _UNUSED) for rule in self.unused.rules)
        yield from ((rule, _UNUSED_ATTRIBUTE) for rule in self.attributes.rules)
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
            yield Breach(unused, _UNUSED, at, "warning", {"name": local_name(at)})
        for unused, at, name in self.attributes.find(root):
            yield Breach(unused, _UNUSED_ATTRIBUTE, at, "warning", {"name": name})

    def _asked_of(self, tag: Any, parent: Any) -> "_Asked | None":
        """Return what is asked of the elements of a tag with such a parent, compiled when the first of them comes."""
        about = [(rule, pattern) for rule, pattern in self._patterns if pattern.is_about(str(tag), parent)]
        asked = _Asked(about, self._namespaces) if about else None
        if len(self._by_tags) < _MOST_TAGS:
            self._by_tags[tag, parent] = asked
        return asked


#: Pairs of tags whose tests are kept: an ordinary syntax has a few hundred, a flood of made-up names has no end.
_MOST_TAGS: Final = 5_000
#: What is said of an element, or an attribute, that EN 16931 does not use.
_UNUSED: Final = "{name} does not belong here"
_UNUSED_ATTRIBUTE: Final = "the attribute {name} does not belong here"


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


def once(on: str, *rules: tuple[str, str, str]) -> list[ElementRule]:
    """Return rules from triples (rule, path, what): *path* may occur once in each *on*; *what* names it in the
    finding."""
    said = [
        (rule, f"{path}[2]" if path.replace(":", "").isalnum() else f"count({path}) > 1", what)
        for rule, path, what in rules
    ]
    return [ElementRule(rule, on, wrong, f"{what} may be said once") for rule, wrong, what in said]


def decimals(*rules: tuple[str, str, str]) -> list[DecimalsRule]:
    """Return rules from triples (rule, on, name): the first child of the name has two decimals at most."""
    return [
        DecimalsRule(
            rule, " | ".join(f"{one}/{name}[not(preceding-sibling::*[1]/self::{name})]" for one in on.split(" | "))
        )
        for rule, on, name in rules
    ]


def no_attribute(on: str, attributes: Mapping[str, str], severity: Severity = "fatal") -> list[AttributeRule]:
    """Return rules from a mapping of rule id to attribute: the elements *on* do not have it."""
    return [AttributeRule(rule, on, name, severity) for rule, name in attributes.items()]


def no_child(on: str, children: Mapping[str, str], severity: Severity = "fatal", unless: str = "") -> list[ElementRule]:
    """Return rules from a mapping of rule id to child: the elements *on* do not have it, *unless* the test matches."""
    return [
        ElementRule(
            rule, on, f"{child} and not({unless})" if unless else child, _UNUSED, severity, child.rpartition(":")[2]
        )
        for rule, child in children.items()
    ]
