"""The reason of a feed that was read to its end and waits for a named person: the rules that speak against it."""

from collections.abc import Iterable

from bill import Finding, Reason


def hold_reason(doubts: Iterable[Finding]) -> Reason:
    """The reason of a feed about which these findings say something. They tell more, and stay beside it."""
    return Reason.of("feed_doubted", rules=sorted({doubt.rule for doubt in doubts}))
