"""Fold a person's name into words, and make the key that duplicate accounts are found by."""

import unicodedata
from hashlib import blake2b
from typing import Final

#: Civilities, which are no part of a name.
CIVILITIES: Final = frozenset({
    "m", "mr", "mm", "mme", "mmes", "mlle", "mle", "melle", "mademoiselle", "madame", "mesdames", "monsieur",
    "messieurs", "mrs", "ms", "miss", "dr", "docteur", "me", "maitre", "herr", "frau",
})  # fmt: skip
_JOINED: Final = frozenset({"et", "ou", "and", "&"})


def fold_name(name: str) -> list[str]:
    """The words of a name in lower case without accents: `["alice", "martin"]`; hyphens and points separate words."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c)).split()


def person_key(name: str, postcode: str) -> str:
    """A key that is equal for two spellings of one person: the same names in any order, case and accents, with or
    without civility, at the same postcode. "" if there is too little to compare (one word, or no postcode)."""
    words = sorted(word for word in fold_name(name) if word not in CIVILITIES and word not in _JOINED)
    if len(words) < 2 or not postcode:
        return ""
    return blake2b(f"{' '.join(words)}\n{postcode.replace(' ', '')}".encode(), digest_size=8).hexdigest()
