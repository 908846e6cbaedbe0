"""Sets French as French is set: no-break spaces before high punctuation, inside « », between a number and its unit;
`d’` and `qu’` before a name that begins with a vowel."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

#: Before these signs, and inside « », French sets a space that does not break (Lexique de l'Imprimerie nationale).
_KEPT_TOGETHER: Final = {
    " ?": "\u202f?", " !": "\u202f!", " ;": "\u202f;", " %": "\u00a0%", " :": "\u00a0:", "« ": "«\u00a0",
    " »": "\u00a0»", "e-mail": "e\u2011mail",
}  # fmt: skip


@lru_cache(maxsize=8192)
def set_well(text: str) -> str:
    """Return a French sentence with its no-break spaces."""
    for plain, kept_together in _KEPT_TOGETHER.items():
        text = text.replace(plain, kept_together)
    return text


#: `de {issuer}`, `que {name}`: a person or an organisation follows.
_BEFORE_A_NAME: Final = re.compile(r"\b([Dd]|[Qq]u)e (?=\{(issuer|name|payee)\})")
#: An h may be either, and stays.
_VOWELS: Final = frozenset("aàâäæeéèêëiîïoôöœuùûü")


def elided(pattern: str, values: Mapping[str, Any]) -> str:
    """Return a French pattern whose `de` and `que` fit the names that fill its blanks: `d’{issuer}` for Eaux."""

    def fit(found: re.Match[str]) -> str:
        is_vowel = str(values.get(found[2], ""))[:1].lower() in _VOWELS
        return f"{found[1]}’" if is_vowel else found[0]

    return _BEFORE_A_NAME.sub(fit, pattern)
