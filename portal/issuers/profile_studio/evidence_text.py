"""Why a term is proposed for a field, in words."""

from collections.abc import Iterable
from typing import Final

from issuers.profile_studio.sample_report import Evidence, EvidenceCode
from portal.translation import say
from words.catalogue import N_

_SENTENCES: Final[dict[EvidenceCode, str]] = {
    "heading": N_("le titre le dit"),
    "present": N_("votre profil actuel le dit"),
    "date": N_("{share} % sont des dates"),
    "amount": N_("{share} % sont des nombres"),
    "iban": N_("{share} % sont des IBAN valides"),
    "email": N_("{share} % sont des adresses de courriel"),
    "postcode": N_("{share} % sont des codes postaux"),
    "siren": N_("{share} % sont des SIREN valides"),
    "vat_id": N_("{share} % sont des numéros de TVA"),
    "currency": N_("{share} % sont des codes de devise"),
    "phone": N_("{share} % sont des numéros de téléphone"),
    "repeats": N_("la même valeur sur plusieurs lignes qui se suivent"),
    "unique": N_("une autre valeur pour chaque facture"),
}


def evidence_text(evidence: Iterable[Evidence]) -> str:
    """What speaks for a term, in the reader's language."""
    return ", ".join(say(_SENTENCES[each.code], share=each.share) for each in evidence)
