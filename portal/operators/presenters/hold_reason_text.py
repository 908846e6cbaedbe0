"""Why a feed is held or rejected, in the visitor's language."""

from sqlalchemy.orm import Session

from portal.operators.presenters.finding_text import message
from portal.operators.presenters.rule_names import in_words
from portal.presenters.reason_text import reason_text
from portal.translation import say
from store.feeds.feed import Feed
from store.feeds.items_by_outcome import findings_of_feed


def hold_reason_text(session: Session, feed: Feed) -> list[str]:
    """Returns a sentence for each reason. A reader's refusal begins with the rule in words; what a person wrote stays
    as it is."""
    if feed.state not in {"held", "rejected"} or feed.decided_by:
        return reason_text(feed.reason).splitlines()
    findings = findings_of_feed(session, feed.id)
    if feed.state == "rejected":
        fatal = [finding for finding in findings if finding.severity == "fatal"]
        told = [f"{say(in_words(each.rule)) or each.rule}. {_begun(message(each))}" for each in fatal]
    else:
        rules = feed.reason.values.get("rules", [])
        doubts = rules if isinstance(rules, list) else []
        told = [message(finding) for finding in findings if finding.rule in doubts]
    return told or reason_text(feed.reason).splitlines()


def _begun(said: str) -> str:
    """Returns the message with a capital, unless it begins with a name of a sender's, such as a file's."""
    first = said.split(" ", 1)[0]
    return f"{said[:1].upper()}{said[1:]}" if first.isalpha() else said
