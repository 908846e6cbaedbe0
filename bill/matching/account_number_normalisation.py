"""Normalise account numbers (EN 16931 BT-46, BT-12 …), so that different spellings of one number compare equal."""

import unicodedata
from typing import Final

#: Unicode categories of separators to remove: blanks, controls, invisible marks, dashes, low lines.
_PARTING: Final = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pd", "Pc"})
_ALSO_PARTING: Final = frozenset("./\\:·•\N{MINUS SIGN}")


def number_key(number: str) -> str:
    """The number in comparable form: lower case, full-width digits as plain ones, without blanks, hyphens, dots,
    slashes, colons and underscores. `CL 1001`, `cl-1001` and `CL1001` are one number; `0012` and `12` are two.

    A number of separators alone is compared as it is. At most 200 characters.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", number).casefold())
    kept = "".join(c for c in folded if c not in _ALSO_PARTING and unicodedata.category(c) not in _PARTING)
    return (kept or folded.strip())[:200]


def scheme_key(scheme: str) -> str:
    """An identifier's scheme in comparable form: lower case, stripped."""
    return scheme.strip().casefold()
