"""DataMatrix ECC 200 encoder (ISO/IEC 16022): square symbols of one data region, for the marks that an inserter reads.

Text is ASCII in the ASCII encodation of the standard, two digits a codeword.
"""

from functools import lru_cache
from typing import Final, NamedTuple

from render.codes.module_grid import ModuleGrid


class _Size(NamedTuple):
    side: int
    data: int  # codewords
    check: int


#: ISO/IEC 16022 table 7, squares of one region.
_SIZES: Final = tuple(
    _Size(*row)
    for row in ((10, 3, 5), (12, 5, 7), (14, 8, 10), (16, 12, 12), (18, 18, 14), (20, 22, 18), (22, 30, 20),
                (24, 36, 24), (26, 44, 28))
)  # fmt: skip
_PAD: Final = 129
_FIELD: Final = 0x12D


def encode(text: str) -> ModuleGrid:
    """Return the smallest symbol that holds *text*. Raises ValueError when none does, or when *text* is not ASCII."""
    words = _codewords(text)
    size = next((size for size in _SIZES if len(words) <= size.data), None)
    if size is None:
        raise ValueError(f"{len(text)} characters are too many for a symbol of one region")
    words += _padding(len(words), size.data)
    words += _check_words(words, size.check)
    rows = _frame(size.side)
    if (size.side - 2) % 4:  # four modules hold no data; the standard makes two of them dark
        rows[-2] |= 2
        rows[-3] |= 4
    for y, x, word, bit in _placement(size.side - 2):
        rows[y + 1] |= (words[word] >> 7 - bit & 1) << size.side - 2 - x
    return ModuleGrid.of(rows)


def _codewords(text: str) -> list[int]:
    if not text.isascii():
        raise ValueError("only ASCII can be written here")
    words, at = [], 0
    while at < len(text):
        pair = text[at : at + 2]
        is_pair = len(pair) == 2 and pair.isdigit()
        words.append(130 + int(pair) if is_pair else ord(text[at]) + 1)
        at += 2 if is_pair else 1
    return words


def _padding(used: int, room: int) -> list[int]:
    """Return the pad codewords: the first is plain, the others are randomised (5.2.3 and annex B.1)."""
    if used == room:
        return []
    scattered = ((_PAD + 149 * place % 253 + 1) for place in range(used + 2, room + 1))
    return [_PAD, *(value - 254 if value > 254 else value for value in scattered)]


@lru_cache
def _field() -> tuple[tuple[int, ...], dict[int, int]]:
    """Return the powers of 2 in GF(256) and their logarithms (5.7)."""
    powers, value = [], 1
    for _ in range(255):
        powers.append(value)
        value <<= 1
        value ^= _FIELD if value > 255 else 0
    return tuple(powers * 2), {power: exponent for exponent, power in enumerate(powers)}


@lru_cache
def _generator(count: int) -> tuple[int, ...]:
    """Return the logarithms of the generator polynomial's coefficients, (x - 2)(x - 4) …, without the leading one."""
    powers, logarithm = _field()
    product = [1]
    for root in range(1, count + 1):
        shifted = [*product, 0]
        for place, value in enumerate(product):
            if value:
                shifted[place + 1] ^= powers[logarithm[value] + root]
        product = shifted
    return tuple(logarithm[value] for value in product[1:])


def _check_words(words: list[int], count: int) -> list[int]:
    """Return the *count* Reed-Solomon error correction codewords."""
    powers, logarithm = _field()
    generator, rest = _generator(count), [0] * count
    for word in words:
        factor = word ^ rest[0]
        rest = [*rest[1:], 0]
        if factor:
            by = logarithm[factor]
            rest = [old ^ powers[by + exponent] for old, exponent in zip(rest, generator, strict=True)]
    return rest


def _frame(side: int) -> list[int]:
    """Return the rows with the finder pattern: solid on the left and at the bottom, dotted at the top and on the
    right."""
    dotted = sum(1 << place for place in range(1, side, 2))
    left = 1 << side - 1
    return [dotted, *(left | y % 2 for y in range(1, side - 1)), (1 << side) - 1]


#: The modules of a codeword, relative to its last one: eight steps up and to the left (annex F.1, figure F.1).
_SHAPE: Final = ((-2, -2), (-2, -1), (-1, -2), (-1, -1), (-1, 0), (0, -2), (0, -1), (0, 0))


@lru_cache
def _placement(side: int) -> tuple[tuple[int, int, int, int], ...]:
    """Return where each bit goes: (row, column, codeword, bit from the highest), in the two sweeps of annex F.1."""
    taken: dict[tuple[int, int], tuple[int, int]] = {}
    y, x = 4, 0
    while y < side or x < side:
        if cells := _corner(y, x, side):
            _occupy(taken, cells, side)
        while y >= 0 and x < side:  # upwards
            if y < side and (y, x) not in taken:
                _occupy(taken, [(y + dy, x + dx) for dy, dx in _SHAPE], side)
            y, x = y - 2, x + 2
        y, x = y + 1, x + 3
        while y < side and x >= 0:  # downwards
            if y >= 0 and x < side and (y, x) not in taken:
                _occupy(taken, [(y + dy, x + dx) for dy, dx in _SHAPE], side)
            y, x = y + 2, x - 2
        y, x = y + 3, x + 1
    return tuple((row, column, word, bit) for (row, column), (word, bit) in taken.items())


def _occupy(taken: dict[tuple[int, int], tuple[int, int]], cells: list[tuple[int, int]], side: int) -> None:
    """Give these modules to the next codeword. Modules beyond an edge wrap around to the opposite one."""
    word = len(taken) // 8
    for bit, (y, x) in enumerate(cells):
        if y < 0:
            y, x = y + side, x + 4 - (side + 4) % 8
        if x < 0:
            y, x = y + 4 - (side + 4) % 8, x + side
        taken[y, x] = word, bit


def _corner(y: int, x: int, side: int) -> list[tuple[int, int]]:
    """Return the modules of a codeword that is split over several corners (figures F.3 to F.6), or [] where there is
    none."""
    last = side - 1
    above = [(0, last), (1, last), (2, last), (3, last)]
    if (y, x) == (side, 0):
        return [(last, 0), (last, 1), (last, 2), (0, last - 1), *above]
    if (y, x) == (side - 2, 0) and side % 8 == 4:
        return [(last - 2, 0), (last - 1, 0), (last, 0), (0, last - 1), *above]
    if (y, x) == (side - 2, 0) and side % 4:
        return [(last - 2, 0), (last - 1, 0), (last, 0), *((0, last - back) for back in (3, 2, 1, 0)), (1, last)]
    if (y, x) == (side + 4, 2) and side % 8 == 0:
        return [(last, 0), (last, last), *((row, last - back) for row in (0, 1) for back in (2, 1, 0))]
    return []
