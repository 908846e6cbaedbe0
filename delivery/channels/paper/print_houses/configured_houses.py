"""The configured print houses: each with its equipment, calendar, outbox and letters; exactly one takes what no other
does."""

from collections.abc import Mapping
from datetime import time
from pathlib import Path
from typing import Final

import msgspec

from delivery.calendar.postal_calendar import Calendar
from delivery.channels.paper.print_house_profile import PrintHouse
from delivery.channels.paper.print_houses.letter_rule import LetterFacts, LetterRule

#: The slug of a house that has none in its file, and of all batches from before there could be several houses. Its
#: outbox is FACTEUR_HOME/outbox, that of another house FACTEUR_HOME/outbox-SLUG, where its file names none.
MAIN: Final = "main"


class SftpAccess(msgspec.Struct, frozen=True, kw_only=True):
    """Where and how lots are handed over by SFTP. *folder* is the house's, as its server calls it; *host_keys* are
    OpenSSH lines (`ssh-ed25519 AAAA…`), one of which the server must have; *key_file* holds our private key."""

    host: str
    port: int
    user: str
    folder: str
    host_keys: tuple[str, ...]
    key_file: Path


class ConfiguredHouse(msgspec.Struct, frozen=True, kw_only=True):
    """One print house. *takes* is None for the one that takes what no other does. Lots are written to *outbox*, and
    carried on by *sftp* where that is given."""

    slug: str = MAIN
    equipment: PrintHouse = PrintHouse()
    calendar: Calendar = Calendar()
    outbox: Path
    takes: LetterRule | None = None
    sftp: SftpAccess | None = None


class PrintHouses(msgspec.Struct, frozen=True):
    """All configured houses, in the order in which letters are offered to them."""

    houses: tuple[ConfiguredHouse, ...]

    @property
    def default(self) -> ConfiguredHouse:
        """The house that takes the letters that no other does."""
        return next(house for house in self.houses if house.takes is None)

    @property
    def slugs(self) -> list[str]:
        """The names of all houses."""
        return [house.slug for house in self.houses]

    @property
    def outboxes(self) -> Mapping[str, Path]:
        """The outbox folder of each house, by its slug."""
        return {house.slug: house.outbox for house in self.houses}

    def named(self, slug: str) -> ConfiguredHouse | None:
        """Return the house of this slug; None when there is none (any more)."""
        return next((house for house in self.houses if house.slug == slug), None)

    def house_of(self, letter: LetterFacts) -> ConfiguredHouse:
        """Return the first house whose rule the letter fits, else the default."""
        return next((house for house in self.houses if house.takes and house.takes.fits(letter)), self.default)

    @property
    def planning_calendar(self) -> Calendar:
        """The calendar that letters are planned by before their house is known: the default house's working days, and
        the earliest cut-off of all, so that no letter comes too late for its house."""
        own = self.default.calendar
        return msgspec.structs.replace(own, cut_off=min(house.calendar.cut_off for house in self.houses))


def sole_house(outbox: Path) -> PrintHouses:
    """Return one house that takes all letters, with the default equipment and calendar."""
    return PrintHouses((ConfiguredHouse(outbox=outbox),))


def hour_of(text: str) -> time:
    """Return the hour that `17:30` names. Raises ValueError."""
    hours, colon, minutes = text.partition(":")
    if not colon or not (hours.isdecimal() and minutes.isdecimal()):
        raise ValueError(text)
    return time(int(hours), int(minutes))
