"""Words that are neither indexed nor asked for: French and English articles and prepositions, and single letters, which
are what an elision leaves (« l'électricité »)."""

from typing import Final

_LEFT_OUT: Final = frozenset({
    "au", "aux", "ce", "ces", "dans", "de", "des", "du", "elle", "en", "est", "et", "il", "ils", "je", "la", "le",
    "les", "leur", "leurs", "ma", "mais", "me", "mes", "ne", "nos", "notre", "nous", "on", "ou", "par", "pas", "pour",
    "qu", "que", "qui", "sa", "se", "ses", "son", "sont", "sur", "ta", "te", "tes", "ton", "un", "une", "vos",
    "votre", "vous", "an", "and", "are", "at", "by", "for", "from", "in", "is", "it", "my", "of", "or", "our",
    "the", "to", "with", "you", "your",
})  # fmt: skip


def is_left_out(plain: str) -> bool:
    """Whether this folded word is left out."""
    return plain in _LEFT_OUT or (len(plain) < 2 and not plain.isdigit())
