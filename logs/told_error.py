"""What a log tells of an error: its kind and where it arose.

Its words are told where they are a system's or a server's, on one line, without addresses; where they may quote a bill,
what its reader typed or its sender wrote, they are left out.
"""

import re
import traceback
from types import TracebackType
from typing import Any, Final

#: Errors whose words quote the value that is wrong: what a feed holds, what a person typed.
_QUOTING: Final = (ValueError, LookupError, TypeError, ArithmeticError, AssertionError)
_LONGEST: Final = 200
_DEEPEST: Final = 12
#: An e-mail address; our own references of messages (`<d17@host>`) are none.
_EMAIL: Final = re.compile(r"(?<![\w.+%-])(?!d\d+@)[\w.+%-]+@[\w-]+(?:\.[\w-]+)*")
_IBAN: Final = re.compile(r"\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")


def without_addresses(text: str) -> str:
    """Return a text with `<e-mail>` and `<iban>` in place of those in it, on one line."""
    shorter = _IBAN.sub("<iban>", _EMAIL.sub("<e-mail>", text))
    return "".join(each if each.isprintable() else " " for each in shorter)


def spell_error(error: BaseException) -> str:
    """Return an error's kind, and its words where they may be told."""
    kind = type(error).__name__
    words = str(error).partition("\n")[0][:_LONGEST]
    return kind if isinstance(error, _QUOTING) or not words else f"{kind}: {without_addresses(words)}"


def places_of(trace: TracebackType | None) -> list[str]:
    """Return where an error arose, `file:line function` each, the innermost last."""
    return [f"{each.filename}:{each.lineno} {each.name}" for each in traceback.extract_tb(trace)[-_DEEPEST:]]


def chain_of(error: BaseException) -> list[BaseException]:
    """Return an error and those that led to it, the last first."""
    found: list[BaseException] = []
    here: Any = error
    while here is not None and here not in found:
        found.append(here)
        here = here.__cause__ or (None if here.__suppress_context__ else here.__context__)
    return found
