"""What the print house needs on a letter, laid over the archived page in the places kept free for it."""

from functools import lru_cache
from typing import Final, NamedTuple

import msgspec

from render import qr
from render.colour import INK, QUIET
from render.face import faces
from render.page import CLAIM, FACTS_TOP, MARK, RETURN_ADDRESS_LINE, RIGHT, WINDOW, mm, pt
from render.plain import plain
from render.sheet import Sheet, Style, shorten, style, wrap
from render.squares import stencil
from render.words import LANGUAGES

#: NF Z10-011: six lines in 24 mm.
_LINE: Final = mm(4)
_QR_SIDE: Final = mm(22)


class Overlay(msgspec.Struct, frozen=True, kw_only=True):
    """A letter's face. *copy* says that the original is the bill on line; *mark* is for the inserter."""

    address: tuple[str, ...]
    return_address: tuple[str, ...] = ()
    claim_code: str | None = None
    claim_url: str | None = None
    copy: bool = False
    mark: str = ""
    language: str = "fr"


class _Type(NamedTuple):
    address: Style
    small: Style
    code: Style
    strong: Style


def draw_face(overlay: Overlay) -> bytes:
    """The content stream that is laid over page one."""
    sheet = Sheet()
    _draw_address(overlay, sheet)
    _draw_claim(overlay, sheet)
    if overlay.copy:
        sheet.right(_type().strong, RIGHT, FACTS_TOP - mm(1.5), _words(overlay).duplicate)
    _draw_mark(overlay.mark, sheet)
    return sheet.content()


def draw_mark(mark: str) -> bytes:
    """The content stream that is laid over every further page."""
    sheet = Sheet()
    _draw_mark(mark, sheet)
    return sheet.content()


def _draw_address(overlay: Overlay, sheet: Sheet) -> None:
    manner = _type()
    sender = " · ".join(plain(line) for line in overlay.return_address if line)
    if sender:
        sheet.text(manner.small, WINDOW.left, RETURN_ADDRESS_LINE, shorten(sender, manner.small, WINDOW.width))
    for row, line in enumerate(overlay.address[:7]):
        text = plain(line)
        room = WINDOW.width
        sheet.text(manner.address, WINDOW.left, WINDOW.top + mm(3.1) + row * _LINE, shorten(text, manner.address, room))


def _draw_claim(overlay: Overlay, sheet: Sheet) -> None:
    """Code and QR in the rectangle above the window: who has the letter in hand may open the account on line."""
    if not overlay.claim_code:
        return
    manner, words = _type(), _words(overlay)
    width = CLAIM.width
    if overlay.claim_url:
        sheet.marks.append(stencil(qr.encode(overlay.claim_url.encode()), CLAIM.right - _QR_SIDE, CLAIM.top, _QR_SIDE))
        width -= _QR_SIDE + mm(4)
    y = CLAIM.top + mm(3)
    for line in wrap(words.claim, manner.small, width, 3):
        sheet.text(manner.small, CLAIM.left, y, line)
        y += mm(3.4)
    sheet.text(manner.code, CLAIM.left, y + mm(4.2), plain(overlay.claim_code))
    if overlay.claim_url:
        for row, line in enumerate(wrap(plain(overlay.claim_url), manner.small, width, 2)):
            sheet.text(manner.small, CLAIM.left, y + mm(9) + row * mm(3.2), line)


def _draw_mark(mark: str, sheet: Sheet) -> None:
    if mark:
        sheet.text(_type().small, *MARK, shorten(plain(mark), _type().small, mm(60)))


def _words(overlay: Overlay) -> "_LetterWords":
    return _LETTER_WORDS.get(overlay.language, _LETTER_WORDS["fr"])


class _LetterWords(NamedTuple):
    duplicate: str
    claim: str


_LETTER_WORDS: Final = {
    "fr": _LetterWords("DUPLICATA", "Toutes vos factures en ligne, sans papier si vous le voulez. Votre code :"),
    "en": _LetterWords("COPY", "All your bills on line, without paper if you like. Your code:"),
    "de": _LetterWords("ZWEITSCHRIFT", "Alle Ihre Rechnungen online, auf Wunsch ohne Papier. Ihr Code:"),
    "nl": _LetterWords("DUPLICAAT", "Al uw facturen online, zonder papier als u wilt. Uw code:"),
    "es": _LetterWords("DUPLICADO", "Todas sus facturas en línea, sin papel si lo desea. Su código:"),
}
assert _LETTER_WORDS.keys() >= LANGUAGES.keys()


@lru_cache(maxsize=1)
def _type() -> _Type:
    text, strong = faces()
    return _Type(
        address=style(text, pt(10), INK), small=style(text, pt(7), QUIET), code=style(strong, pt(13), INK),
        strong=style(strong, pt(9), INK),
    )  # fmt: skip
