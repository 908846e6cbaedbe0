"""A simulated person: name, homes over time, household, and habits with paper and screens."""

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Final

from bill import PostalAddress

LONG_AGO: Final = date(2000, 1, 1)


class Habit(Enum):
    """What a person does with bills when there is a choice."""

    PAPER = "paper for ever"
    LINKED = "looks now and then, and keeps the paper"
    DIGITAL = "paperless, and reads"
    FORGETS = "paperless, and never reads"
    RETURNS = "paperless, then back to paper"
    BOUNCES = "paperless, with a mailbox that is no more"


@dataclass(frozen=True)
class Person:
    """A simulated person."""

    key: str  # names the person's random generators
    name: str
    email: str
    habit: Habit
    eagerness: float  # 0 signs up first of all, 1 last
    homes: tuple[tuple[date, PostalAddress], ...]  # where they live, from that day on
    rooms: int = 3  # consumption grows with it
    heats_by_electricity: bool = False
    issuers: tuple[str, ...] | None = None  # slugs of a cast member's issuers; None: chosen at random
    pays_by_hand: bool = False
    household: str = ""  # the name on an account that two people share
    exempt_at: tuple[str, ...] = ()  # slugs of issuers that say this person has paper by right
    reads_large_print: bool = False
    partner: str = ""  # the mail address of the one in whose name it is

    def home(self, on: date) -> PostalAddress:
        """Return the address on a day."""
        return [address for since, address in self.homes if since <= on][-1]
