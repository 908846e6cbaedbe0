"""What an e-mail says, whatever it looks like, and its plain-text body."""

import unicodedata
from collections.abc import Sequence
from typing import Final

import msgspec

from delivery.channels.issuer_mark import IssuerMark
from words.catalogue import say

#: Categories of characters that are not for people: controls, line and paragraph separators, halves of a character.
_UNPRINTABLE: Final = {"Cc", "Cf", "Cs", "Zl", "Zp"}


class _Clean(dict[int, int | None]):
    """What `str.translate` makes of each character: itself, or nothing. Filled as characters are met."""

    def __missing__(self, code: int) -> int | None:
        self[code] = code if code == 10 or unicodedata.category(chr(code)) not in _UNPRINTABLE else None
        return self[code]


_CLEAN: Final = _Clean()


class AmountFigure(msgspec.Struct, frozen=True, kw_only=True):
    """An amount, to be set large with a word over it and a line below. *said* is the sentence, within a paragraph, that
    says the same."""

    said: str
    label: str
    amount: str
    below: str = ""


class EmailItem(msgspec.Struct, frozen=True, kw_only=True):
    """One of several things that an e-mail tells: a title, a text, and a link of its own."""

    title: str
    text: str
    label: str
    url: str
    figure: AmountFigure | None = None


class EmailText(msgspec.Struct, frozen=True, kw_only=True):
    """The text of an e-mail: subject, paragraphs before and after one link, the link's label and URL. *items* stand
    before the link. *mark*: the issuer that it is sent for. *figure*: what stands large in place of its sentence.
    *stop_url*: where its reader stops e-mails of this kind; never of one that brings a bill."""

    subject: str
    before: Sequence[str]
    label: str
    url: str
    after: Sequence[str] = ()
    language: str = "fr"
    items: Sequence[EmailItem] = ()
    mark: IssuerMark | None = None
    figure: AmountFigure | None = None
    stop_url: str = ""


def plain_text(words: EmailText, service: str) -> str:
    """Return the plain-text body. *service* is the sender's name."""
    items = [f"{each.title}\n{each.text}\n{each.label}\n{each.url}" for each in words.items]
    paragraphs = [*words.before, *items, f"{words.label}\n{words.url}", *words.after, *foot_lines(words, service)]
    return "\n\n".join(map(cleaned, paragraphs)) + "\n"


def foot_lines(words: EmailText, service: str) -> list[str]:
    """Return the last line: who writes for whom."""
    if words.mark is None:
        return []
    return [say("{service} vous écrit pour {issuer}.", words.language, service=service, issuer=words.mark.name)]


def cleaned(text: str) -> str:
    """Remove unprintable characters; keep our own line breaks."""
    return text.translate(_CLEAN)
