"""Sets the no-break spaces of French: before high punctuation, inside « », between a number and its unit."""

from functools import lru_cache
from typing import Final

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
