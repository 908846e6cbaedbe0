"""Findings in the visitor's language: the message and the place."""

from bill.finding_text import FindingText, finding_message
from portal import app_context
from portal.row_id import row_id
from portal.translation import language
from store.feeds.feed import Feed
from words.finding_places import place_text


def message(finding: FindingText, into: str | None = None) -> str:
    """Returns the finding's sentence in the visitor's language, or in another."""
    values = finding.values
    if isinstance(feed := values.get("feed"), str):
        values = {**values, "feed": _feed_named(feed)}
    return finding_message(finding, into or language(), values)


def place(where: str) -> str:
    """Returns where to look, in the visitor's language."""
    return place_text(where, language())


def _feed_named(value: str) -> str:
    """Older findings name a feed by its number, which is kept inside: its file's name."""
    feed_id = row_id(value)
    feed = app_context.reading().get(Feed, feed_id) if feed_id is not None else None
    return value if feed is None else feed.name
