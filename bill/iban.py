"""International bank account numbers (ISO 13616): whether one is sound, and how people read it."""

import re
from functools import lru_cache
from typing import Final

from stdnum import iban

#: People write them by fours, as on paper (ISO 13616).
_GROUP: Final = 4
#: What begins so was meant to be one; where it is not sound, its digits are wrong.
_BEGINNING: Final = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]*")


@lru_cache(maxsize=4096)
def is_iban(written: str) -> bool:
    """Whether this is an IBAN that a bank takes: its check digits agree (ISO 7064 MOD 97-10) and it is built as its
    country builds them. Blanks and small letters do not matter."""
    return bool(iban.is_valid(closed_iban(written), check_country=False))


def looks_like_iban(written: str) -> bool:
    """Whether this begins as an IBAN does: two letters, two digits."""
    return _BEGINNING.fullmatch(closed_iban(written)) is not None


@lru_cache(maxsize=4096)
def closed_iban(written: str) -> str:
    """As a bank's program takes it: in capitals, without blanks."""
    return "".join(written.split()).upper()


def grouped(number: str) -> str:
    """A long number as people read it, by fours."""
    closed = "".join(number.split())
    return " ".join(closed[at : at + _GROUP] for at in range(0, len(closed), _GROUP))
