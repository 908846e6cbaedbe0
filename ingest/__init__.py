"""Feed bytes to bills and findings: one small reader a format, safe XML, checks.

`open_feed(file, name, profile)` gives a `Reading`; iterate it for `Entry` objects, then ask whether it was `whole`.
A hostile or broken file ends in findings; any exception is a bug of ours.
"""

from ingest.entry import Entry
from ingest.reading import Reading, open_feed

__all__ = ["Entry", "Reading", "open_feed"]
