"""QR code encoder (ISO/IEC 18004, model 2, byte mode, level M), fast because it uses linear algebra
(docs/fast-paths.md).

For a fixed version, level and mask, each module is an affine function over GF(2) of the data bits: error correction is
linear, placement is a permutation, mask and patterns are constants. So a symbol is the symbol of as many zero bytes,
XORed with the contribution of each byte at its position. The mask is always the same: readers accept any of the eight,
and the choice among them only improves contrast.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache, reduce
from itertools import compress
from operator import xor
from typing import Final

from render.codes.module_grid import ModuleGrid, stride

#: Mask 4: (row div 2 + column div 3) even. It avoids the long runs that mask 0 can produce.
MASK: Final = 4
_LEVEL_M: Final = 0b00

#: Level M, versions 1 to 13 (ISO/IEC 18004, table 9): error codewords a block, then the data codewords of each block.
_BLOCKS: Final[dict[int, tuple[int, tuple[int, ...]]]] = {
    1: (10, (16,)), 2: (16, (28,)), 3: (26, (44,)), 4: (18, (32,) * 2), 5: (24, (43,) * 2), 6: (16, (27,) * 4),
    7: (18, (31,) * 4), 8: (22, (38,) * 2 + (39,) * 2), 9: (22, (36,) * 3 + (37,) * 2), 10: (26, (43,) * 4 + (44,)),
    11: (30, (50,) + (51,) * 4), 12: (22, (36,) * 6 + (37,) * 2), 13: (22, (37,) * 8 + (38,)),
}  # fmt: skip
#: Centres of the alignment patterns (ISO/IEC 18004, annex E).
_ALIGNMENT: Final[dict[int, tuple[int, ...]]] = {
    1: (), 2: (6, 18), 3: (6, 22), 4: (6, 26), 5: (6, 30), 6: (6, 34), 7: (6, 22, 38), 8: (6, 24, 42), 9: (6, 26, 46),
    10: (6, 28, 50), 11: (6, 30, 54), 12: (6, 32, 58), 13: (6, 34, 62),
}  # fmt: skip
#: Capacity of version 13 at level M.
MOST_BYTES: Final = 331


def encode(data: bytes) -> ModuleGrid:
    """Return the smallest level M symbol that holds *data* in byte mode. Raises ValueError above 331 bytes."""
    length = len(data)
    if length > MOST_BYTES:
        raise ValueError(f"{length} bytes do not fit a version 13 symbol at level M ({MOST_BYTES} bytes)")
    version = bisect_left(_CAPACITIES, length) + 1
    return ModuleGrid(17 + 4 * version, _drawn(data, _rows(version), _zero_symbol(version, length)))


def _drawn(data: Iterable[int], rows: "Iterable[_Row]", modules: int) -> int:
    """XOR *modules* with the contribution of each byte of *data* at its position."""
    return reduce(xor, map(dict.__getitem__, rows, data), modules)


def _count_bits(version: int) -> int:
    return 8 if version < 10 else 16


_CAPACITY: Final = {v: sum(blocks) - (4 + _count_bits(v) + 7) // 8 for v, (_, blocks) in _BLOCKS.items()}
_CAPACITIES: Final = tuple(_CAPACITY.values())


class _Row(dict[int, int]):
    """A lookup table: the contribution of each byte value at one position, computed on first use from the contributions
    of its bits."""

    def __init__(self, bits: Sequence[int]) -> None:
        super().__init__({0: 0})
        self._bits = bits

    def __missing__(self, byte: int) -> int:
        rest = byte & byte - 1
        drawn = self[byte] = self[rest] ^ self._bits[-(byte ^ rest).bit_length()]
        return drawn


@cache
def _rows(version: int) -> tuple[_Row, ...]:
    """Return the lookup table of each data byte, in order."""
    bits = _map_of(version)[1]
    first = 4 + _count_bits(version)
    return tuple(_Row(bits[at : at + 8]) for at in range(first, first + 8 * _CAPACITY[version], 8))


@lru_cache(maxsize=512)
def _zero_symbol(version: int, length: int) -> int:
    """Return the symbol of *length* zero bytes."""
    constant, bits = _map_of(version)
    return reduce(xor, compress(bits, map(int, _message(length, version))), constant)


def _message(length: int, version: int) -> str:
    """Return the bits of the data codewords: mode, count, zeros, terminator, padding (ISO/IEC 18004, 7.4).

    Padding begins with a zero codeword, as segno's does, so that both symbols can be compared. Readers stop at the
    terminator.
    """
    codewords = sum(_BLOCKS[version][1])
    head = f"0100{length:0{_count_bits(version)}b}"
    message = head + "0" * (8 * length + 4 + 8) + "1110110000010001" * codewords
    return message[: 8 * codewords]


@cache
def _map_of(version: int) -> tuple[int, list[int]]:
    """Return the constant part of a version's symbol, and for each message bit the modules to XOR into it."""
    size = 17 + 4 * version
    fixed, dark = _patterns(version)
    places = [p for p in _zigzag(size) if p not in fixed]
    base, wide = 0, stride(size)
    for row, column in [*dark, *(p for p in places if _masked(*p))]:
        base ^= 1 << (size * wide - 1 - row * wide - column)
    bits = [1 << (size * wide - 1 - row * wide - column) for row, column in places]
    return base, list(_contributions(*_BLOCKS[version], bits))


def _contributions(parity: int, blocks: tuple[int, ...], bits: list[int]) -> Iterator[int]:
    """Yield the modules that each bit of the data codewords inverts, error correction included."""
    data_place, parity_place = _interleaved(parity, blocks)
    for block, length in enumerate(blocks):
        rows = [_Row(_codeword(bits, parity_place[block, j])) for j in range(parity)]
        for index, remainder in enumerate(_remainders(parity, length)):
            for place, own in enumerate(_codeword(bits, data_place[block, index])):
                yield _drawn([_times(value, 0x80 >> place) for value in remainder], rows, own)


def _codeword(bits: list[int], place: int) -> list[int]:
    return bits[8 * place : 8 * place + 8]


def _interleaved(parity: int, blocks: tuple[int, ...]) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], int]]:
    """Return the position of each block's data and error codewords in the symbol's sequence (ISO/IEC 18004, 7.6)."""
    order = [(b, i) for i in range(max(blocks)) for b in range(len(blocks)) if i < blocks[b]]
    after = [(b, j) for j in range(parity) for b in range(len(blocks))]
    return {p: n for n, p in enumerate(order)}, {p: n for n, p in enumerate(after, len(order))}


def _remainders(parity: int, length: int) -> list[list[int]]:
    """Return, for each position of a block, the error codewords of a block that is 1 there and 0 elsewhere."""
    generator = [1]
    for power in range(parity):
        root = _EXP[power]
        shifted = [*generator, 0]
        generator = [a ^ _times(b, root) for a, b in zip(shifted, [0, *generator], strict=True)]
    remainder = generator[1:]
    found = []
    for _ in range(length):
        found.append(remainder)
        first = remainder[0]
        remainder = [a ^ _times(first, g) for a, g in zip([*remainder[1:], 0], generator[1:], strict=True)]
    return found[::-1]


def _powers() -> list[int]:
    """Return the powers of the generator of GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1."""
    powers, value = [], 1
    for _ in range(255):
        powers.append(value)
        value = value << 1 ^ (0x11D if value & 0x80 else 0)
    return powers


_EXP: Final = _powers()
_LOG: Final = {value: power for power, value in enumerate(_EXP)}


def _times(a: int, b: int) -> int:
    return _EXP[(_LOG[a] + _LOG[b]) % 255] if a and b else 0


def _masked(row: int, column: int) -> bool:
    return (row // 2 + column // 3) % 2 == 0


def _zigzag(size: int) -> Iterator[tuple[int, int]]:
    """Yield the modules in the order in which codewords fill them (ISO/IEC 18004, 7.7.3)."""
    upwards = True
    for right in (*range(size - 1, 6, -2), 5, 3, 1):
        for row in range(size - 1, -1, -1) if upwards else range(size):
            yield row, right
            yield row, right - 1
        upwards = not upwards


def _patterns(version: int) -> tuple[set[tuple[int, int]], list[tuple[int, int]]]:
    """Return the modules that carry no data, and those of them that are dark."""
    size = 17 + 4 * version
    dark: dict[tuple[int, int], bool] = {}
    for i in range(size):
        dark[6, i] = dark[i, 6] = i % 2 == 0
    centres = _ALIGNMENT[version]
    for row in centres:
        for column in centres:
            if (row, column) not in ((6, 6), (6, size - 7), (size - 7, 6)):
                _square(dark, row, column, 2, size, light_ring=1)
    for row, column in ((3, 3), (3, size - 4), (size - 4, 3)):
        _square(dark, row, column, 4, size, light_ring=2)
    _format(dark, size)
    if version >= 7:
        _version(dark, version, size)
    return set(dark), [place for place, is_dark in dark.items() if is_dark]


def _square(dark: dict[tuple[int, int], bool], row: int, column: int, reach: int, size: int, light_ring: int) -> None:
    """Draw concentric squares around a centre. The radius of a finder pattern includes its separator."""
    for r in range(max(row - reach, 0), min(row + reach + 1, size)):
        for c in range(max(column - reach, 0), min(column + reach + 1, size)):
            distance = max(abs(r - row), abs(c - column))
            dark[r, c] = distance not in (light_ring, 4)


def _format(dark: dict[tuple[int, int], bool], size: int) -> None:
    """Write level and mask twice, in a (15, 5) BCH code (ISO/IEC 18004, 7.9.1)."""
    data = _LEVEL_M << 3 | MASK
    code = (data << 10 | _bch(data << 10, 0x537)) ^ 0x5412
    down = [*((r, 8) for r in range(6)), (7, 8), (8, 8), (8, 7), *((8, c) for c in range(5, -1, -1))]
    across = [*((8, size - 1 - i) for i in range(8)), *((size - 7 + i, 8) for i in range(7))]
    for i in range(15):
        dark[down[i]] = dark[across[i]] = bool(code >> i & 1)
    dark[size - 8, 8] = True


def _version(dark: dict[tuple[int, int], bool], version: int, size: int) -> None:
    """Write the version twice, in an (18, 6) Golay code (ISO/IEC 18004, 7.10)."""
    code = version << 12 | _bch(version << 12, 0x1F25)
    for i in range(18):
        dark[i // 3, size - 11 + i % 3] = dark[size - 11 + i % 3, i // 3] = bool(code >> i & 1)


def _bch(value: int, generator: int) -> int:
    while value.bit_length() >= generator.bit_length():
        value ^= generator << (value.bit_length() - generator.bit_length())
    return value
