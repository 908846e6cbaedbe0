"""Sets this process's log up: lines on stderr, in the form that is asked for."""

import logging
import sys
from typing import Final, Literal

from logs.log_lines import JsonLines, TextLines

LogFormat = Literal["text", "json"]
#: The rooms whose lines of what was done are told in JSON, too; libraries tell what is wrong alone.
_ROOMS: Final = (
    "audit", "cli", "customers", "delivery", "doors", "feeds", "ingest", "payments", "pipeline", "portal", "store",
    "webhooks",
)  # fmt: skip


def begin_logging(form: LogFormat, process: str, *, verbose: bool = False) -> None:
    """Write the log of this process, which is named *process*, to stderr. In JSON what was done is told as well as what
    is wrong; as text that takes *verbose*, which also quotes errors in their own words."""
    handler = logging.StreamHandler(sys.stderr)
    lines = JsonLines if form == "json" else TextLines
    handler.setFormatter(lines(process, quotes=verbose))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO if verbose else logging.WARNING)
    for room in _ROOMS:
        logging.getLogger(room).setLevel(logging.INFO if form == "json" else logging.NOTSET)
