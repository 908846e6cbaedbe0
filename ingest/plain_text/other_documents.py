"""Tells words that name another document than the one they stand in: the bill that a credit note corrects, a deposit
that is taken off, a contract, the next payment. Pure."""

import re
from typing import Final

_another: Final = re.compile(
    r"\b(?:acomptes?|avoir|annul\w*|remplac\w*|rectifi\w*|sur (?:la|votre|notre)|r[èe]glements?|paiements?|"
    r"payments?|paid|received?|re[çc]u\w*|deposits?|credit\w*|refund\w*|replac\w*|cancel\w*|correct\w*|contra(?:t|ct)s?|abonnement|"
    r"subscription|prochaine?s?|suivante?s?|next|following|anzahlung\w*|zahlung|gutschrift|storn\w*|korrektur|"
    r"n[äa]chste\w*|vertrag\w*|rif|riferimento|relative?|relatif|concern\w*|proforma|relance|rappel)\b",
    re.IGNORECASE,
)


def names_another(words: str) -> bool:
    """Whether these words, before a number or a day, may make it another document's."""
    return bool(_another.search(words))
