"""The kinds of official rules of EN 16931, with which `ingest/ubl/official_rules` and `ingest/cii/official_rules` are
written: an XPath test of an element (`ElementRule`), a code of a list (`CodeRule`), an attribute that is not used
(`AttributeRule`), two decimals at most (`DecimalsRule`), and a check of the whole document in Python (`DocumentRule`).

`ingest.xml.official_rule_engine` checks them.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from lxml import etree

from bill import Severity, Value
from ingest.xml.document_elements import DocumentElements
from ingest.xml.xpath_values import string_of

#: What is said of an element, or an attribute, that EN 16931 does not use.
UNUSED: Final = "{name} does not belong here"
UNUSED_ATTRIBUTE: Final = "the attribute {name} does not belong here"


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
    sentence: str = UNUSED_ATTRIBUTE


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
    find: Callable[[DocumentElements], etree._Element | None]
    sentence: str


#: A rule about single elements.
RuleOfElements = ElementRule | CodeRule | AttributeRule | DecimalsRule
Rule = RuleOfElements | DocumentRule
#: What several rules find together (the rules of a VAT category): pairs of rule and element.
Finder = Callable[[DocumentElements], Iterator[tuple[str, etree._Element]]]


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
            rule, on, f"{child} and not({unless})" if unless else child, UNUSED, severity, child.rpartition(":")[2]
        )
        for rule, child in children.items()
    ]
