"""What visitors type, and where they were going: taken with care, at one place."""

from typing import Final

from email_validator import EmailNotValidError, validate_email
from flask import request

LONGEST: Final = 500


def typed(name: str, most: int = LONGEST) -> str:
    """A field of the form as one line: without control characters, not longer than *most*."""
    return one_line(request.form.get(name, ""), most)


def one_line(text: str, most: int = LONGEST) -> str:
    """What somebody typed, without control characters, blanks once, not longer than *most*."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:most]


def typed_password(name: str) -> str:
    """A password exactly as typed."""
    return request.form.get(name, "")


def plain_email(text: str) -> str | None:
    """The address in lower case, or None when no mail can go there. Nobody is asked: no look-up."""
    try:
        return validate_email(text, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None


def going(default: str = "/") -> str:
    """Where the visitor was going (`suite`), if that is a page of ours; never another site."""
    path = request.values.get("suite", "")
    if path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable():
        return path
    return default
