"""Sorts a batch's letters for the post and divides them into print runs, one PDF each. Pure.

A run has one envelope. In it, letters are sorted by postal class (zone, then weight), then by country and postcode, so
that trays of one class leave the inserter together. Sets are numbered through the lot.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from bill import Reason
from delivery.channels.paper.postage_class import step_of, zone_of
from delivery.channels.paper.print_house_profile import Envelope, PrintHouse


class Destination(NamedTuple):
    """Where a letter goes, in the order in which letters are sorted."""

    country: str
    postcode: str
    holder: str
    account: int
    delivery: int


class WeighedMailPiece(NamedTuple):
    """A letter with its pages (*scaled* of them to A4), sheets, envelope, weight in grams, zone and weight step."""

    place: Destination
    pages: int
    scaled: int
    sheets: int
    envelope: Envelope
    grams: float
    zone: str
    step: int

    @property
    def postal_class(self) -> str:
        """`FR-20`, `INT-20`: the zone, and the weight step in grams."""
        return f"{self.zone}-{self.step}"


class TooThick(Exception):  # noqa: N818
    """No envelope takes this letter, or no tariff; *reason* says which."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


def piece_of(place: Destination, pages: int, scaled: int, house: PrintHouse, *, is_foreign: bool) -> WeighedMailPiece:
    """Return the mail piece that so many pages make at this print house. Raises TooThick. *is_foreign*: the issuer's
    own PDF."""
    fitting = house.envelope_for(pages, is_foreign=is_foreign)
    if fitting is None:
        raise TooThick(Reason.of("too_many_pages", pages=pages))
    envelope, sheets = fitting
    grams = house.weight_of(sheets, envelope)
    step = step_of(grams)
    if step is None:
        raise TooThick(Reason.of("too_heavy", grams=round(grams)))
    zone = zone_of(place.country, house.country)
    return WeighedMailPiece(place, pages, scaled, sheets, envelope, grams, zone, step)


def runs_of(pieces: Iterable[WeighedMailPiece], house: PrintHouse) -> list[list[WeighedMailPiece]]:
    """Return the letters divided into runs, in printing order."""
    rank = {envelope.name: number for number, envelope in enumerate(house.envelopes)}
    in_order = sorted(pieces, key=lambda piece: (rank[piece.envelope.name], piece.zone, piece.step, piece.place))
    runs: list[list[WeighedMailPiece]] = []
    for _, together in groupby(in_order, key=lambda piece: piece.envelope.name):
        runs += _divided(together, house)
    return runs


def _divided(pieces: Iterable[WeighedMailPiece], house: PrintHouse) -> list[list[WeighedMailPiece]]:
    """Divide letters into files within the print house's limits; a letter is never divided."""
    runs: list[list[WeighedMailPiece]] = [[]]
    sheets = 0
    for piece in pieces:
        if runs[-1] and (len(runs[-1]) == house.most_letters or sheets + piece.sheets > house.most_sheets):
            runs.append([])
            sheets = 0
        runs[-1].append(piece)
        sheets += piece.sheets
    return runs
