"""The two forms of a log's lines: one JSON object each, for programs; or text, for people.

Errors and values are told as `logs.told_error` says; with *quotes* (the command line's `-v`) as they are.
"""

import logging
from datetime import UTC, datetime
from typing import Any

import msgspec

from logs.log_context import logged_ids
from logs.told_error import chain_of, places_of, spell_error, without_addresses


class _Lines(logging.Formatter):
    """*process* is which of the servers writes."""

    def __init__(self, process: str = "", *, quotes: bool = False) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._process, self._quotes = process, quotes

    def _message(self, record: logging.LogRecord) -> str:
        if self._quotes:
            return record.getMessage()
        args: Any = record.args
        told = tuple(map(_told, args)) if isinstance(args, tuple) else args
        return without_addresses(str(record.msg) % told if told else str(record.msg))


class JsonLines(_Lines):
    """A line: `at` (RFC 3339), `level`, `logger`, `event` (the sentence with its blanks, the same for all of its kind),
    `message` (filled in), `process`, the ids of the work at hand, what the call adds as `extra={"told": {…}}`, and
    `error`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the object on one line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC), "level": record.levelname.lower(),
            "logger": record.name, "event": str(record.msg), "message": self._message(record),
            "process": self._process, **logged_ids(), **getattr(record, "told", {}),
        }  # fmt: skip
        if record.exc_info and record.exc_info[1] is not None:
            errors = chain_of(record.exc_info[1])
            kinds = [self._spelled(each) for each in errors]
            line["error"] = {"kinds": kinds, "where": places_of(errors[-1].__traceback__)}
        return msgspec.json.encode(line, enc_hook=str).decode()

    def _spelled(self, error: BaseException) -> str:
        return f"{type(error).__name__}: {error}" if self._quotes else spell_error(error)


class TextLines(_Lines):
    """A line of text, with the ids of the work at hand; an error's lines follow it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        ids = "".join(f" {name}={value}" for name, value in logged_ids().items())
        record.asctime = self.formatTime(record)
        line = f"{record.asctime} {record.levelname} {record.name}: {self._message(record)}{ids}"
        if record.exc_info and record.exc_info[1] is not None:
            line = f"{line}\n{self._error(record.exc_info[1])}"
        return line

    def _error(self, error: BaseException) -> str:
        if self._quotes:
            return self.formatException((type(error), error, error.__traceback__))
        errors = chain_of(error)
        told = [*places_of(errors[-1].__traceback__), *map(spell_error, errors)]
        return "\n".join(f"  {each}" for each in told)


def _told(value: object) -> object:
    return spell_error(value) if isinstance(value, BaseException) else value
