"""Rules that only a syntax can break: what may stand how often, which attribute an element must have.

A rule is a context and a test, both XPath, much as in a schematron; only that the test finds what is wrong. All rules
of a syntax are asked in one question first, context by context; only when something is wrong is each asked by itself.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from lxml import etree

from bill import Severity
from ingest.xml.mapper import DocumentNotes, Element, NeedsFullParseError
from ingest.xml.shapes.element_stand_in import ElementStandIn


class SyntaxRule(NamedTuple):
    """A rule by its official id.

    *context* has the paths, seen from the invoice and joined by ` | `, of the elements that are asked; one of which
    *wrong* is true breaks the rule. *sentence* says so in our words, *name* stands in its blank, where it has one.
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

    def ask(self, root: Element, sheet: DocumentNotes, currency: str = "") -> None:
        """Tell *sheet* which rules the invoice *root* breaks, each at the first place; *currency* is `$currency`."""
        if isinstance(root, ElementStandIn):
            raise NeedsFullParseError
        if not self._anything(root, currency=currency):
            return
        for rule, finds in self._each:
            found: Any = finds(root, currency=currency)
            if found:
                first = found[0]
                at = first if isinstance(first, etree._Element) else first.getparent()
                tell = sheet.official if rule.severity == "fatal" else sheet.warn
                tell(rule.rule, rule.sentence, at, **({"name": rule.name} if rule.name else {}))


def once(context: str, *rules: tuple[str, str, str]) -> list[SyntaxRule]:
    """For each (rule, path, what): *what* may be said once, so a second *path* in a *context* is wrong."""
    said = [
        (rule, f"{path}[2]" if path.replace(":", "").isalnum() else f"count({path}) > 1", what)
        for rule, path, what in rules
    ]
    return [SyntaxRule(rule, context, wrong, f"{what} may be said once") for rule, wrong, what in said]


def none_of(node: str, codes: frozenset[str]) -> str:
    """A test: there is a *node* whose words are none of the *codes*."""
    return f"{node}[not(contains(' {' '.join(sorted(codes))} ', concat(' ', normalize-space(.), ' ')))]"
