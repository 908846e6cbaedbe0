"""The engine of syntax rules: XPath checks of what only one syntax can break (cardinality, required attributes). The
rules stand in `ingest/ubl` and `ingest/cii`.

A rule is a context and a test, both XPath, as in Schematron, except that the test matches what is wrong. All rules of a
syntax are asked in one combined query first; only when it matches is each rule asked alone.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from lxml import etree

from bill import Severity
from ingest.xml.element import Element
from ingest.xml.mapper import XmlMapper


class SyntaxRule(NamedTuple):
    """A rule by its official id.

    *context* is a union of paths from the invoice (joined by ` | `) to the elements tested; an element for which
    *wrong* is true breaks the rule. *sentence* is the finding's text, *name* fills its placeholder.
    """

    rule: str
    context: str
    wrong: str
    sentence: str
    severity: Severity = "fatal"
    name: str = ""


class SyntaxRules:
    """The rules of one syntax, compiled."""

    def __init__(self, namespaces: Mapping[str, str], rules: Iterable[SyntaxRule]) -> None:
        self.rules: Final = tuple(rules)
        names = dict(namespaces)
        wrongs: dict[str, list[str]] = {}
        for rule in self.rules:
            for context in rule.context.split(" | "):
                wrongs.setdefault(context, []).append(rule.wrong)
        question = " or ".join(f"boolean({context}[{' or '.join(said)}])" for context, said in wrongs.items())
        self._anything = etree.XPath(question, namespaces=names)
        self._each = [(rule, etree.XPath(f"({rule.context})[{rule.wrong}]", namespaces=names)) for rule in self.rules]

    def ask(self, root: Element, mapper: XmlMapper, currency: str = "") -> None:
        """Note the rules that the invoice *root* breaks, each at its first place; *currency* is `$currency` in the
        tests. XPath needs an element of lxml."""
        assert isinstance(root, etree._Element)
        if not self._anything(root, currency=currency):
            return
        for rule, finds in self._each:
            found: Any = finds(root, currency=currency)
            if found:
                first = found[0]
                at = first if isinstance(first, etree._Element) else first.getparent()
                tell = mapper.official if rule.severity == "fatal" else mapper.warn
                tell(rule.rule, rule.sentence, at, **({"name": rule.name} if rule.name else {}))


def once(context: str, *rules: tuple[str, str, str]) -> list[SyntaxRule]:
    """Return rules from triples (rule, path, what): *path* may occur once in each *context*; *what* names it in the
    finding."""
    said = [
        (rule, f"{path}[2]" if path.replace(":", "").isalnum() else f"count({path}) > 1", what)
        for rule, path, what in rules
    ]
    return [SyntaxRule(rule, context, wrong, f"{what} may be said once") for rule, wrong, what in said]


def none_of(node: str, codes: frozenset[str]) -> str:
    """Return a test that matches when a *node* has a text that is none of the *codes*."""
    return f"{node}[not(contains(' {' '.join(sorted(codes))} ', concat(' ', normalize-space(.), ' ')))]"
