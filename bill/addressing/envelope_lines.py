"""The lines of an address in an envelope's window: NF Z10-011 in France, abroad each country's order (UPU S42)."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from bill.addressing.countries import are_inland, country_code
from bill.addressing.envelope_text import envelope_text
from bill.addressing.line_folding import fold
from bill.addressing.line_roles import line_roles
from bill.addressing.place_lines import country_line, place_lines, post_text
from bill.addressing.postal_abbreviations import NAME_WORDS, STREET_WORDS, TOWN_WORDS, abbreviate
from bill.postal_address import PostalAddress

#: NF Z10-011: at most six lines of 38 characters; abroad the country may make a seventh, in smaller type.
MOST_LINES: Final = 6
MOST_CHARACTERS: Final = 38
#: What the window takes on a line that is narrowed: the town of a long name, and lines abroad that would be cut.
MOST_NARROWED: Final = 50

#: What is cut first when a block is too high, and how many lines of it are left: the end of a long name, then what
#: describes the building, then the end of the street.
_CUT_FIRST: Final = (("name", 2), ("above", 1), ("name", 1), ("above", 0), ("street", 1), ("below", 1), ("place", 1))
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "name": NAME_WORDS, "above": STREET_WORDS, "street": STREET_WORDS, "below": STREET_WORDS, "place": TOWN_WORDS,
    "country": {},
}  # fmt: skip


class EnvelopeLines(NamedTuple):
    """The *lines* in the window from top to bottom, and what had to be *cut* because the window takes no more."""

    lines: tuple[str, ...]
    cut: tuple[str, ...]


class _Line(NamedTuple):
    """A line of the block: `name`, `above` (flat and building), `street`, `below` (PO box), `place` or `country`."""

    kind: str
    text: str


_Block = list[_Line]


def envelope_lines(name: str, address: PostalAddress, home_country: str = "FR") -> tuple[str, ...]:
    """Return the lines on an envelope that is posted in *home_country*: name, then flat and building, street, town in
    the order of their country, and abroad the country."""
    return fitted_envelope_lines(name, address, home_country).lines


def fitted_envelope_lines(name: str, address: PostalAddress, home_country: str = "FR") -> EnvelopeLines:
    """Return the lines on an envelope that is posted in *home_country* (alpha-2 code), and what was cut.

    A line that is too long is folded while lines are free; then short lines share one, then words are abbreviated;
    abroad lines then grow longer than 38 characters, and a seventh is used. Only what then is still too much is cut. An
    address without a country is inland.
    """
    home = country_code(home_country)
    code = country_code(address.country) or home
    is_abroad = not are_inland(code, home)
    attempts = list(_attempts(_block(name, address, code, is_abroad=is_abroad), is_abroad=is_abroad))
    most = MOST_LINES + is_abroad
    fitting = (block for lines in (MOST_LINES, most) for block in attempts if len(block) <= lines)
    return _cut(next(fitting, attempts[-1]), most)


def _block(name: str, address: PostalAddress, code: str, *, is_abroad: bool) -> _Block:
    # Flat and building stand above the street, whatever order the issuer gave them in.
    roles = line_roles(address, code)
    places = [_Line(*line) for line in place_lines(address, roles.street, code)]
    above = [_Line("above", line) for line in roles.above if not _is_said_below(line, places, code)]
    below = [_Line("below", post_text(line, code).upper()) for line in roles.below]
    at = next((n for n, line in enumerate(places, 1) if line.kind == "street" and line.text), 0)
    country = country_line(address) if is_abroad else ""
    if places and places[-1].text == country:  # Hong Kong
        places.pop()
    lines = (_Line("name", envelope_text(name)), *above, *places[:at], *below, *places[at:], _Line("country", country))
    return [line for line in lines if line.text]


def _is_said_below(text: str, places: _Block, code: str) -> bool:
    """Whether a line repeats the street, the town or the country, as programs do that send an address as it was
    printed."""
    return country_code(text) == code or post_text(text, code).upper() in {line.text for line in places}


def _attempts(block: _Block, *, is_abroad: bool) -> Iterator[_Block]:
    """Yield the block in ever fewer lines."""
    yield _folded(block, MOST_CHARACTERS)
    shared = _with_lines_shared(block, MOST_CHARACTERS, "above")
    yield _folded(shared, MOST_CHARACTERS)
    yield _folded(_abbreviated(shared, MOST_CHARACTERS), MOST_CHARACTERS)
    if is_abroad:
        shared = _with_lines_shared(_abbreviated(block, MOST_NARROWED), MOST_NARROWED, "above")
        yield _folded(shared, MOST_NARROWED)
        yield _folded(_with_lines_shared(shared, MOST_NARROWED, "place"), MOST_NARROWED)


def _folded(block: _Block, most: int) -> _Block:
    """Fold the lines that are too long. A town is abbreviated and narrowed rather than divided, a country's name is
    narrowed."""
    lines = []
    for kind, text in block:
        if kind == "place":
            parts = fold(abbreviate(text, most, TOWN_WORDS), MOST_NARROWED)
        else:
            parts = [text] if kind == "country" else fold(text, most)
        lines += [_Line(kind, part) for part in parts]
    return lines


def _abbreviated(block: _Block, most: int) -> _Block:
    return [_Line(kind, abbreviate(text, most, _WORDS[kind])) for kind, text in block]


def _with_lines_shared(block: _Block, most: int, kind: str) -> _Block:
    """Join neighbours of this kind where both fit on one line."""
    lines: _Block = []
    for line in block:
        joined = f"{lines[-1].text} {line.text}" if lines and lines[-1].kind == line.kind == kind else ""
        if joined and len(joined) <= most:
            lines[-1] = _Line(kind, joined)
        else:
            lines.append(line)
    return lines


def _cut(block: _Block, most: int) -> EnvelopeLines:
    """Leave out whole lines until the block fits."""
    cut: set[int] = set()
    for kind, left in _CUT_FIRST:
        there = [place for place, line in enumerate(block) if line.kind == kind and place not in cut]
        too_many = max(0, len(block) - len(cut) - most)
        cut.update(there[max(left, len(there) - too_many) :])
    lines = [line.text for place, line in enumerate(block) if place not in cut]
    return EnvelopeLines(tuple(lines), tuple(block[place].text for place in sorted(cut)))
