"""Reads and cleans what visitors type, and the page they were going to."""

import re
from typing import Final

from flask import request

from portal.translation import say
from store.accounts.email_address import NoAddress, NotForEveryServer, kept_form

LONGEST: Final = 500
_EMPTY_LINES: Final = re.compile(r"\n{3,}")


def form_value(name: str, most: int = LONGEST) -> str:
    """Returns a form field as one line: no control characters, at most *most* characters."""
    return one_line(request.form.get(name, ""), most)


def one_line(text: str, most: int = LONGEST) -> str:
    """Returns text as one line: no control characters, single blanks, at most *most* characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:most]


def several_lines(name: str) -> str:
    """Returns a form field of several lines: no control characters but line feeds, no blanks around, at most two line
    feeds in a row. It may be too long."""
    text = request.form.get(name, "").replace("\r\n", "\n").replace("\r", "\n")
    lines = ("".join(c if c.isprintable() else " " for c in line).rstrip() for line in text.split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def typed_email(name: str = "email") -> str:
    """Returns an e-mail address as typed, with its invisible characters, cut to the longest an address can be. It is
    counted as it is looked up: what is cut off makes no other address."""
    return request.form.get(name, "")[:LONGEST]


def typed_password(name: str) -> str:
    """Returns the password exactly as typed."""
    return request.form.get(name, "")


def plain_email(text: str) -> str | None:
    """Returns the address in the stored form, or None if it is malformed. No DNS look-up."""
    try:
        return kept_form(text)
    except NoAddress:
        return None


def wrong_with_email(text: str) -> str:
    """Returns what is wrong with an address and what to do, in words."""
    try:
        kept_form(text)
    except NotForEveryServer:
        return say(
            "Avant le @, cette adresse a une lettre que tous les serveurs de courriel ne prennent pas."
            " Donnez une adresse sans accent avant le @."
        )
    except NoAddress:
        pass
    return say("Cette adresse n’est pas complète. Exemple : alice@exemple.fr")


def going(default: str = "/") -> str:
    """Returns where the visitor was going (`suite`) if it is a page of this portal, never another site."""
    path = request.values.get("suite", "")
    if path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable():
        return path
    return default
