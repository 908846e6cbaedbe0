"""What a print house for tests does with a lot, by a seed: prints it, loses some of it, answers twice, or not at all.

The same seed and lot give the same fate, whatever else lies in the outbox.
"""

from random import Random
from typing import Final, Literal, NamedTuple

from delivery.channels.paper.print_manifest import PrintManifest

Deed = Literal["acknowledged", "missing", "silent", "doubled", "answered_twice"]

#: Why the post brings a letter back, as `lot-….returned.json` has it.
RETURN_REASONS: Final = ("unknown", "moved", "refused", "unclaimed")
#: One letter in so many of a lot with returned mail comes back, and at least one.
_RETURNED_OF: Final = 20
#: One letter in so many of a lot with missing sets is missing, and at least one.
_MISSING_OF: Final = 20


class Odds(NamedTuple):
    """Of a hundred lots, how many are answered in each way; the others are acknowledged. *returned*: how many of those
    that were posted have letters that come back."""

    missing: int = 15
    silent: int = 10
    doubled: int = 10
    answered_twice: int = 10
    returned: int = 40


#: Something happens to nearly every second lot.
TROUBLED: Final = Odds()


class LotFate(NamedTuple):
    """What happens to a lot: what the print house answers, the sets it could not print, and the sets that the post
    brings back, each with why."""

    deed: Deed
    missing: tuple[int, ...] = ()
    returned: tuple[tuple[int, str], ...] = ()


def fate_of(manifest: PrintManifest, seed: int, odds: Odds = TROUBLED) -> LotFate:
    """Return the fate of this lot."""
    chance = Random(f"{seed}/{manifest.lot}")
    deed, returns = _deed(chance.randrange(100), odds), chance.randrange(100) < odds.returned
    sets = [piece.n for piece in manifest.pieces]
    missing = _some(chance, sets, _MISSING_OF) if deed == "missing" else []
    posted = [] if deed == "silent" or not returns else [n for n in sets if n not in missing]
    back = [(n, chance.choice(RETURN_REASONS)) for n in _some(chance, posted, _RETURNED_OF)]
    return LotFate(deed, tuple(missing), tuple(back))


def _deed(drawn: int, odds: Odds) -> Deed:
    shares: list[tuple[Deed, int]] = [
        ("missing", odds.missing), ("silent", odds.silent), ("doubled", odds.doubled),
        ("answered_twice", odds.answered_twice),
    ]  # fmt: skip
    for deed, share in shares:
        if drawn < share:
            return deed
        drawn -= share
    return "acknowledged"


def _some(chance: Random, sets: list[int], of: int) -> list[int]:
    """Return one set in so many, and at least one where there is any."""
    return sorted(chance.sample(sets, -(-len(sets) // of)))
