"""Words that say nothing in a search: French and English articles and prepositions, and single letters, which are what
an elision leaves (« l'électricité »), are not even indexed. What every bill is called (« facture de mars ») and what
stands before a number or a day (« contrat C 100 200 », « mardi 3 mars ») is indexed, but not asked for."""

from typing import Final

_LEFT_OUT: Final = frozenset({
    "au", "aux", "ce", "ces", "dans", "de", "des", "du", "elle", "en", "est", "et", "il", "ils", "je", "la", "le",
    "les", "leur", "leurs", "ma", "mais", "me", "mes", "ne", "nos", "notre", "nous", "on", "ou", "par", "pas", "pour",
    "qu", "que", "qui", "sa", "se", "ses", "son", "sont", "sur", "ta", "te", "tes", "ton", "un", "une", "vos",
    "votre", "vous", "an", "and", "are", "at", "by", "for", "from", "in", "is", "it", "my", "of", "or", "our",
    "the", "to", "with", "you", "your",
})  # fmt: skip
_CALLED: Final = frozenset({"facture", "factures", "bill", "bills", "invoice", "invoices"})
_LABELS: Final = frozenset({
    "no", "num", "numero", "number", "ref", "reference", "client", "customer", "contrat", "contract", "compte",
    "account", "compteur", "meter", "montant", "amount", "somme", "total", "iban", "date",
    "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche",
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
})  # fmt: skip


def is_left_out(plain: str) -> bool:
    """Whether this folded word is left out."""
    return plain in _LEFT_OUT or (len(plain) < 2 and not plain.isdigit())


def names_any_bill(plain: str) -> bool:
    """Whether this folded word is what every bill is called."""
    return plain in _CALLED


def is_label(plain: str) -> bool:
    """Whether this folded word says what the number or the day beside it is."""
    return plain in _LABELS
