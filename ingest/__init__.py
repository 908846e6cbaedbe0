"""Feed bytes to bills and findings: one small reader a format, safe XML, checks.

`open_feed(file, name, profile)` gives a `Reading`; iterate it for `FeedItem` objects, then ask whether it was `whole`.
A hostile or broken file ends in findings; any exception is a bug of ours.
"""

from ingest.feed_reader import Reading, open_feed
from ingest.items import FeedItem

__all__ = ["FeedItem", "Reading", "open_feed"]
