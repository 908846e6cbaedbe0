"""Which letters a print house takes: by country of destination, issuer, and arm of an experiment. Pure."""

from typing import NamedTuple

import msgspec


class LetterFacts(NamedTuple):
    """What a letter's print house is chosen by: its country (alpha-2 code), its issuer's slug, and the arm of the
    experiment that it belongs to, if any."""

    country: str
    issuer: str
    arm: str = ""


class LetterRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The letters that a print house takes: those to these countries, of these issuers, of these arms. An empty list
    means any; a letter must fit all three."""

    countries: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    arms: tuple[str, ...] = ()

    def fits(self, letter: LetterFacts) -> bool:
        """Whether the house takes this letter."""
        wanted = ((self.countries, letter.country), (self.issuers, letter.issuer), (self.arms, letter.arm))
        return all(not among or value in among for among, value in wanted)

    def takes_all_of(self, other: "LetterRule") -> bool:
        """Whether every letter that fits *other* fits this rule too."""
        pairs = ((self.countries, other.countries), (self.issuers, other.issuers), (self.arms, other.arms))
        return all(not mine or (theirs and set(theirs) <= set(mine)) for mine, theirs in pairs)
