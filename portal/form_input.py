"""What visitors type, and where they were going: taken with care, at one place."""

from typing import Final

from flask import request

from portal.translation import say
from store.accounts.email_address import NoAddress, NotForEveryServer, kept_form

LONGEST: Final = 500


def form_value(name: str, most: int = LONGEST) -> str:
    """A field of the form as one line: without control characters, not longer than *most*."""
    return one_line(request.form.get(name, ""), most)


def one_line(text: str, most: int = LONGEST) -> str:
    """What somebody typed, without control characters, blanks once, not longer than *most*."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:most]


def typed_email(name: str = "email") -> str:
    """An address as typed, invisible characters and all, not longer than any address."""
    return request.form.get(name, "")[:LONGEST]


def typed_password(name: str) -> str:
    """A password exactly as typed."""
    return request.form.get(name, "")


def plain_email(text: str) -> str | None:
    """The address in the form that we keep, or None when no mail can go there. Nobody is asked: no look-up."""
    try:
        return kept_form(text)
    except NoAddress:
        return None


def wrong_with_email(text: str) -> str:
    """What is the matter with an address that is none, and what to do."""
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
    """Where the visitor was going (`suite`), if that is a page of ours; never another site."""
    path = request.values.get("suite", "")
    if path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable():
        return path
    return default
