"""What an eye would see at once on a page: words over each other, words struck by a rule, words cut at an edge, and
words of which only a beginning is shown. By PDFium, which is not ours; boxes are those of the ink, not of the type."""

from collections import defaultdict
from collections.abc import Iterator
from ctypes import c_uint
from itertools import product
from typing import Final, NamedTuple

import pypdfium2
from pypdfium2 import raw

from bill import contrast_on_white

#: Ink that reaches so far into other ink, in millimetres, is over it.
INTO: Final = 0.15
#: No further out than this may be read on a page that goes through a printer, in millimetres.
EDGE: Final = 4.0
#: A path of no more than this is a rule.
THIN: Final = 0.6
_ROW: Final = 5.0
_HAIR: Final = 0.1
_MM: Final = 25.4 / 72


class Ink(NamedTuple):
    """A glyph, or a rule: the box of what is seen of it, in millimetres from the page's top left corner."""

    left: float
    top: float
    right: float
    bottom: float
    word: int = -1


class Seen(NamedTuple):
    """What is seen on a page: its size, its words, the ink of their letters, and rules."""

    width: float
    height: float
    words: list[str]
    letters: list[Ink]
    rules: list[Ink]


def findings(pdf: bytes, number: int | None = None) -> list[str]:
    """What is wrong on a page (counted from 1), or on all; nothing when all is well."""
    with pypdfium2.PdfDocument(pdf) as document:
        numbers = [number - 1] if number else range(len(document))
        return [f"page {n + 1}: {said}" for n in numbers for said in dict.fromkeys(_page(seen(document[n])))]


def cut_short(pdf: bytes, number: int | None = None) -> list[str]:
    """The words of which only a beginning is shown."""
    with pypdfium2.PdfDocument(pdf) as document:
        numbers = [number - 1] if number else range(len(document))
        return [word for n in numbers for word in seen(document[n]).words if "…" in word]


def _page(page: Seen) -> Iterator[str]:
    for a, b in _meeting(page.letters, page.letters):
        if a.word < b.word:
            yield f"'{page.words[a.word]}' is over '{page.words[b.word]}'"
    for letter, _ in _meeting(page.letters, page.rules):
        yield f"a rule strikes '{page.words[letter.word]}'"
    for letter in page.letters:
        sides = (letter.left, letter.top, page.width - letter.right, page.height - letter.bottom)
        if min(sides) < EDGE:
            yield f"'{page.words[letter.word]}' is at the edge of the paper"


def _meeting(some: list[Ink], others: list[Ink]) -> Iterator[tuple[Ink, Ink]]:
    """The pairs whose boxes lie over each other; rows of the page are compared one by one."""
    rows: defaultdict[int, tuple[list[Ink], list[Ink]]] = defaultdict(lambda: ([], []))
    for which, inks in enumerate((some, others)):
        for ink in inks:
            for row in range(int(ink.top // _ROW), int(ink.bottom // _ROW) + 1):
                rows[row][which].append(ink)
    for left, right in rows.values():
        yield from ((a, b) for a, b in product(left, right) if a is not b and _overlap(a, b))


def _overlap(a: Ink, b: Ink) -> bool:
    if a.right <= b.left or b.right <= a.left or a.bottom <= b.top or b.bottom <= a.top:
        return False
    across = min(a.right, b.right) - max(a.left, b.left)
    down = min(a.bottom, b.bottom) - max(a.top, b.top)
    least = min(INTO, *(side / 2 for side in (a.right - a.left, b.right - b.left)))
    flat = min(INTO, *(side / 2 for side in (a.bottom - a.top, b.bottom - b.top)))
    return across > least and down > flat


def seen(page: pypdfium2.PdfPage) -> Seen:
    """What PDFium finds on a page."""
    width, height = page.get_size()
    words, letters = [""], []
    text = page.get_textpage()
    last: Ink | None = None
    for n in range(text.count_chars()):
        character = chr(raw.FPDFText_GetUnicode(text, n))
        left, bottom, right, top = text.get_charbox(n)
        if character.isspace() or right <= left or top <= bottom:
            last = None
            continue
        ink = Ink(left * _MM, (height - top) * _MM, right * _MM, (height - bottom) * _MM)
        if last is None or abs(ink.left - last.right) > 3 or ink.left < last.left:
            words.append("")
        words[-1] += character
        letters.append(ink._replace(word=len(words) - 1))
        last = ink
    return Seen(width * _MM, height * _MM, words, letters, list(_rules(page, height)))


def _rules(page: pypdfium2.PdfPage, height: float) -> Iterator[Ink]:
    for thing in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=1):
        left, bottom, right, top = thing.get_bounds()
        ink = Ink(left * _MM, (height - top) * _MM, right * _MM, (height - bottom) * _MM)
        if min(ink.right - ink.left, ink.bottom - ink.top) <= THIN:  # a line's own width is not told
            yield Ink(ink.left - _HAIR, ink.top - _HAIR, ink.right + _HAIR, ink.bottom + _HAIR)


# -- what can be read ----------------------------------------------------------------------------------------------

#: Type smaller than this, in points, is read by nobody of seventy. (A little less: sizes are whole drawing units.)
LEAST_SIZE: Final = 7.49
#: Contrast of text on white, and of large text (WCAG 2.2, 1.4.3); where large begins, in points, in a strong weight.
LEAST_CONTRAST: Final = 4.5
LEAST_OF_LARGE: Final = 3.0
LARGE: Final = 14.0
#: How narrow letters may be set.
NARROWEST: Final = 0.7


def hard_to_read(pdf: bytes, number: int | None = None) -> list[str]:
    """What is too small, too pale or too narrow on a page (counted from 1), or on all."""
    with pypdfium2.PdfDocument(pdf) as document:
        numbers = [number - 1] if number else range(len(document))
        return [f"page {n + 1}: {said}" for n in numbers for said in dict.fromkeys(_hard(document[n].get_textpage()))]


def _hard(text: pypdfium2.PdfTextPage) -> Iterator[str]:
    matrix, channels = raw.FS_MATRIX(), [c_uint() for _ in range(4)]
    for n in range(text.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(text, n))
        if letter.isspace() or not raw.FPDFText_GetMatrix(text, n, matrix):
            continue
        raw.FPDFText_GetFillColor(text, n, *channels)
        size = raw.FPDFText_GetFontSize(text, n) * abs(matrix.d)
        contrast = contrast_on_white("#" + "".join(f"{channel.value:02x}" for channel in channels[:3]))
        if size < LEAST_SIZE:
            yield f"'{letter}' has {size:.1f} points"
        if contrast < (LEAST_OF_LARGE if size >= LARGE else LEAST_CONTRAST):
            yield f"'{letter}' has a contrast of {contrast:.1f}"
        if abs(matrix.a) < NARROWEST * abs(matrix.d):
            yield f"'{letter}' is set at {matrix.a / matrix.d:.0%} of its width"
