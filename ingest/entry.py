"""What reading a feed gives: an entry an item, numbered in feed order, and the draft it is made from."""

from dataclasses import dataclass, field

from bill import Bill, Finding, fatal


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a feed. Without a *bill* the item is rejected, and a fatal finding says why."""

    seq: int  # 1..n, the place in feed order
    place: str  # where in the file: a line, an invoice's number in a batch, a member's name in a container
    body_sha: str  # sha256 of the item's own bytes, in hex
    bill: Bill | None
    findings: tuple[Finding, ...]
    number: str | None  # BT-1, as far as known


@dataclass(slots=True)
class Draft:
    """An item as its reader found it, before the checks. A reader that says something fatal gives no bill."""

    place: str
    body_sha: str
    bill: Bill | None = None
    number: str | None = None
    findings: list[Finding] = field(default_factory=list)


class FeedError(Exception):
    """The file, or the rest of it, cannot be trusted: reading ends here and nothing of it may be released."""

    def __init__(self, rule: str, message: str, place: str = "") -> None:
        super().__init__(message)
        self.finding = fatal(rule, message, place)
