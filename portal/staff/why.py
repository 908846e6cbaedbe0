"""Why a feed is held or rejected, in the visitor's language."""

from sqlalchemy.orm import Session

from portal.staff.rules import in_words
from portal.words import language, say
from store.feed import Feed
from store.outcome import findings_of_feed


def why(session: Session, feed: Feed) -> list[str]:
    """A sentence each: in French as the feed says it, in English by its findings. What a reader says of a file that it
    refused is led by the rule in words; what a person has said stands as it was said."""
    if feed.state not in {"held", "rejected"} or feed.decided_by:
        return feed.reason.splitlines()
    findings = findings_of_feed(session, feed.id)
    if feed.state == "rejected":
        fatal = [finding for finding in findings if finding.severity == "fatal"]
        told = [f"{say(in_words(each.rule)) or each.rule}. {each.message}" for each in fatal]
        return told or [say(line) for line in feed.reason.splitlines()]
    messages = [finding.message for finding in findings]
    return messages if language() == "en" and messages else feed.reason.splitlines()
