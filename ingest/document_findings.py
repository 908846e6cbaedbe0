"""The findings about one document, collected while it is read, whatever its format."""

from typing import Any, Literal

from bill import Finding, Value, fatal, warning

#: Terms found in a document: fields of a class of `bill` with their values.
Found = dict[str, Any]
Acceptance = Literal["usable", "en16931"]


class DocumentNotes:
    """What is noted of one document: its findings, and its *number* (BT-1) as soon as it is known. *strict*: the
    profile asks for all rules of EN 16931. *verdict*: the findings of the official rules on an XML document; None where
    they were not checked."""

    __slots__ = ("findings", "number", "strict", "verdict")

    def __init__(self, acceptance: Acceptance) -> None:
        self.findings: list[Finding] = []
        self.strict = acceptance == "en16931"
        self.number: str | None = None
        self.verdict: list[Finding] | None = None

    def says(self, rule: str) -> bool:
        """Return whether there is a fatal finding whose id begins with *rule*."""
        return any(f.rule.startswith(rule) and f.severity == "fatal" for f in self.findings)

    def official(self, rule: str, sentence: str, place: str = "", **values: Value) -> None:
        """Add a finding for a broken rule of EN 16931: fatal where the profile asks for all of them, else a warning."""
        (self.refuse if self.strict else self.warn)(rule, sentence, place, **values)

    def refuse(self, rule: str, sentence: str, place: str = "", **values: Value) -> None:
        """Add a fatal finding."""
        self.findings.append(fatal(rule, sentence, place, **values))

    def warn(self, rule: str, sentence: str, place: str = "", **values: Value) -> None:
        """Add a warning."""
        self.findings.append(warning(rule, sentence, place, **values))
