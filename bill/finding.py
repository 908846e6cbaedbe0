"""A rule broken: how grave, which rule, where, and in whose words."""

from typing import Literal

from bill.noun import Noun

Severity = Literal["fatal", "warning"]


class Finding(Noun, frozen=True):
    """What a check has to say of an item, or of a whole feed (then *number* is absent).

    *rule* is the official id where there is one (`BR-CO-15`), else ours in capitals (`XML-DOCTYPE`);
    *place* is where to look: a line, an XPath, a name in a container, a profile's key.
    `fatal` means that the item is rejected.
    """

    severity: Severity
    rule: str
    message: str
    place: str = ""
    number: str | None = None


def fatal(rule: str, message: str, place: str = "", number: str | None = None) -> Finding:
    return Finding(severity="fatal", rule=rule, message=message, place=place, number=number)


def warning(rule: str, message: str, place: str = "", number: str | None = None) -> Finding:
    return Finding(severity="warning", rule=rule, message=message, place=place, number=number)
