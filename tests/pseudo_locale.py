"""A language that nobody speaks: every translation is its sentence in ⟦ ⟧, so that what stands outside was never
looked up. What is left over on a page or in a mail is data, or a word that no reader could have in their language."""

import re
from collections.abc import Iterable
from gettext import NullTranslations
from html.parser import HTMLParser

import pytest

from portal import translation
from portal.presenters import amounts_and_dates
from words import catalogue

_IN_BRACKETS = re.compile(r"⟦[^⟦⟧]*⟧")
_WORD = re.compile(r"[^\W\d_]{2,}(?:[’'-][^\W\d_]+)*")
#: Attributes that are read out or shown.
_READ = {"alt", "title", "aria-label", "placeholder"}
#: What is not prose: `code` is for programs.
_UNREAD = {"script", "style", "code"}


class Pseudo(NullTranslations):
    """Translates each sentence by itself, in brackets."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


def speak_pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every catalogue be the pseudo-locale's, in every language."""
    monkeypatch.setattr(catalogue, "catalogue", lambda _domain, _language: Pseudo())
    for room, remembered in (
        (amounts_and_dates, "_day"), (amounts_and_dates, "_exact_day"), (catalogue, "whole_sentence"),
        (translation, "_counted"),
    ):  # fmt: skip
        monkeypatch.setattr(room, remembered, getattr(room, remembered).__wrapped__)


def left_over(text: str, known: Iterable[str] = ()) -> list[str]:
    """The words of a text that stand outside all brackets and are not *known*."""
    while _IN_BRACKETS.search(text):
        text = _IN_BRACKETS.sub(" ", text)
    known = set(known)
    return [word for word in _WORD.findall(text) if word not in known]


def words_of(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in _WORD.findall(text)}


def text_of(page: str, without: str = "") -> str:
    """What a page shows and what is read out of it, in its order; *without* elements that are said to be in that
    language."""
    reader = _Reader(without)
    reader.feed(page)
    return "".join(reader.parts)


class _Reader(HTMLParser):
    def __init__(self, without: str) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.unread = 0
        self.without = without
        self.foreign: list[str] = []  # the open element in another language, and those of its name within

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.unread += tag in _UNREAD
        if tag in self.foreign or (self.without and ("lang", self.without) in attrs and tag != "html"):
            self.foreign.append(tag)
        is_button = tag == "input" and ("type", "submit") in attrs
        read = _READ | ({"value"} if is_button else set())
        self.parts += [" ", *(f" {value} " for name, value in attrs if name in read and value)]

    def handle_endtag(self, tag: str) -> None:
        self.unread -= tag in _UNREAD
        if tag in self.foreign:
            self.foreign.pop()

    def handle_data(self, data: str) -> None:
        if not self.unread and not self.foreign:
            self.parts.append(data)
