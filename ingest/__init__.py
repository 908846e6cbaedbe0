"""Reads feeds: bytes in, bills and findings out. One small reader per format, safe XML, checks of EN 16931.

`open_feed(file, name, profile)` returns a `Reading`. Iterate it for `FeedItem` objects, then ask whether it was
`whole`. A hostile or broken file gives findings; any exception is a bug of ours.
"""

from ingest.feed_reader import Reading, open_feed
from ingest.items import FeedItem

__all__ = ["FeedItem", "Reading", "open_feed"]
