"""What goes when a person leaves, and what stays: as pages list it."""

from typing import NamedTuple

from consumers.leaving.leaving_steps import KEPT, STEPS
from portal.translation import say


class KeptOnPage(NamedTuple):
    """What stays, by which law, and until when ("" where the law has no day)."""

    what: str
    why: str
    until: str


def what_goes() -> list[str]:
    """Returns what is erased of a person."""
    return [_begun(say(step.told)) for step in STEPS if step.told]


def what_stays() -> list[KeptOnPage]:
    """Returns what is kept of an erased person."""
    return [
        KeptOnPage(_begun(say(kept.what)), _begun(say(kept.why)), say(kept.until) if kept.until else "")
        for kept in KEPT
        if kept.what
    ]


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]
