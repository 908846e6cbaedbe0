"""Patience: how much of a lot's time an issuer's own pages may take, so that hostile PDFs make nobody's lot late."""

from collections import Counter
from typing import Final

from delivery.channels.paper.letter_data import Unprintable

#: Letters of an issuer that may each take long, or end the process that reads them; then its others are set apart.
MOST_COSTLY: Final = 5
#: Seconds of CPU; most pages take a hundredth.
COSTLY_SECONDS: Final = 2.0


class OutOfPatience(Unprintable):
    """Other pages of this issuer have taken too long: these were not opened."""


class Patience:
    """What issuers' own pages have cost in one lot, by issuer."""

    def __init__(self) -> None:
        self._costly: Counter[int] = Counter()

    def check(self, issuer_id: int) -> None:
        """OutOfPatience when no more of this issuer's own pages are opened for this lot."""
        if self._costly[issuer_id] >= MOST_COSTLY:
            raise OutOfPatience(f"{MOST_COSTLY} autres PDF de cet émetteur ont pris trop de temps dans ce lot")

    def took(self, issuer_id: int, seconds: float) -> None:
        """A letter was read, or could not be, in so many seconds of CPU."""
        self._costly[issuer_id] += seconds > COSTLY_SECONDS
