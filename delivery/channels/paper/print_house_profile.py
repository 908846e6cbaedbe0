"""A print house's profile: country, paper, duplex, folds, envelopes. Its TOML file gives what differs from the default
(`delivery.channels.paper.print_houses.read_print_houses`):

country = "BE"
duplex = true
paper_grams = 90
most_letters = 5000

[[envelopes]]            # from the thinnest set to the thickest
name = "C5/6"
fold = "three"
most_sheets = 6
grams = 5
"""

from pathlib import Path
from typing import Final, Literal

import msgspec

from bill import is_country
from words.spoken_error import SpokenError

#: ISO 216 A4, in square metres.
A4_AREA: Final = 0.06237


class PrintHouseError(SpokenError):
    """The print house's TOML file is wrong; the message names the key and the remedy."""


class Envelope(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An envelope: how sheets are folded for it, how many it takes (a carrier page counts), its weight in grams."""

    name: str
    fold: Literal["three", "two", "flat"]
    most_sheets: int
    grams: float

    @property
    def needs_carrier(self) -> bool:
        """Whether a carrier page is needed, because the window would show more of the bill than its address."""
        return self.fold != "three"


class PrintHouse(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The print house: the *country* where it posts letters (alpha-2 code), and its equipment. Weights are in grams,
    paper in grams a square metre; limits are of one file."""

    country: str = "FR"
    duplex: bool = False
    paper_grams: float = 80
    most_letters: int = 10_000  # in one file
    most_sheets: int = 50_000  # in one file
    envelopes: tuple[Envelope, ...] = (
        Envelope(name="DL", fold="three", most_sheets=5, grams=4.5),
        Envelope(name="C5", fold="two", most_sheets=12, grams=7.5),
        Envelope(name="C4", fold="flat", most_sheets=120, grams=17),
    )

    def sheets_of(self, pages: int, *, carrier: bool) -> int:
        """Return how many sheets so many pages take; a carrier page takes one more."""
        return -(-pages // (2 if self.duplex else 1)) + carrier

    def full_sheets(self, pages: int) -> int:
        """Return how many pages the sheets of so many have, the blank one on a last back included."""
        sides = 2 if self.duplex else 1
        return -(-pages // sides) * sides

    def weight_of(self, sheets: int, envelope: Envelope) -> float:
        """Return the weight of a mail piece in grams, rounded to a hundredth."""
        return round(sheets * A4_AREA * self.paper_grams + envelope.grams, 2)

    def envelope_for(self, pages: int, *, is_foreign: bool) -> tuple[Envelope, int] | None:
        """Return the smallest envelope for so many pages and the sheets in it; None when none takes them. *is_foreign*:
        the first of them is not ours to write on, so that it needs a carrier page."""
        for envelope in self.envelopes:
            sheets = self.sheets_of(pages, carrier=is_foreign or envelope.needs_carrier)
            if sheets <= envelope.most_sheets:
                return envelope, sheets
        return None


def check_print_house(path: Path, house: PrintHouse) -> None:
    """Raise PrintHouseError where a house's country, envelopes or limits cannot be; *path* is its file."""
    if not is_country(house.country):
        raise PrintHouseError(
            "{path}: country: {country!r} is no code of ISO 3166-1, such as FR", path=path, country=house.country
        )
    if not house.envelopes:
        raise PrintHouseError("{path}: envelopes: name at least one", path=path)
    most = [envelope.most_sheets for envelope in house.envelopes]
    if most[0] < 1 or most != sorted(set(most)):
        raise PrintHouseError(
            "{path}: envelopes: give the thinnest set first, each taking more sheets than the last", path=path
        )
    if len({envelope.name for envelope in house.envelopes}) != len(most):
        raise PrintHouseError("{path}: envelopes: two of them have one name", path=path)
    if min(house.most_letters, house.most_sheets) < 1 or house.paper_grams <= 0:
        raise PrintHouseError("{path}: most_letters, most_sheets and paper_grams are more than nothing", path=path)
