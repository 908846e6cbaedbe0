"""Why a feed is held or rejected, in the visitor's language."""

from typing import Final

from sqlalchemy.orm import Session

from portal.staff.findings import message
from portal.staff.rules import in_words
from portal.words import say
from store.feed import Feed
from store.outcome import findings_of_feed

#: Rules that hold a feed (`issuers/control.py`, `issuers/drift.py`, `intake.py`); others are said of it beside them.
_DOUBTS: Final = ("CONTROL-TOTALS", "DRIFT-", "TOLERANCE-NONE")


def why(session: Session, feed: Feed) -> list[str]:
    """A sentence each, by the feed's findings. What a reader says of a file that it refused is led by the rule in
    words; what a person has said stands as it was said."""
    if feed.state not in {"held", "rejected"} or feed.decided_by:
        return feed.reason.splitlines()
    findings = findings_of_feed(session, feed.id)
    if feed.state == "rejected":
        fatal = [finding for finding in findings if finding.severity == "fatal"]
        told = [f"{say(in_words(each.rule)) or each.rule}. {message(each)}" for each in fatal]
    else:
        told = [message(finding) for finding in findings if finding.rule.startswith(_DOUBTS)]
    return told or [say(line) for line in feed.reason.splitlines()]
