"""Short names of rules for people: ours one by one, EN 16931's by family. French, with English in `english/`."""

import re
from typing import Final

from portal.operators.presenters.data_quality_advice import RULES as QUALITY

#: Ours: of whole feeds, of items, of files.
_OURS: Final = {
    "CONTROL-TOTALS": "Le flux ne contient pas ce qui était annoncé",
    "DRIFT-VOLUME": "Nombre de factures inhabituel",
    "DRIFT-AMOUNT": "Montant moyen inhabituel",
    "DRIFT-ACCOUNTS": "Part de comptes nouveaux inhabituelle",
    "DRIFT-REJECTS": "Part de refus inhabituelle",
    "ACCOUNT-QUESTIONS": "Trop de comptes avec un autre nom et une autre adresse",
    "ACCOUNT-SHARED": "Un numéro de compte pour plusieurs personnes",
    "ACCOUNT-QUESTION": "Une autre personne sous un numéro de compte tenu",
    "ACCOUNT-HOLDER-CHANGED": "Un autre nom sur un compte connu",
    "REFERENCE-CURRENCY": "Avoir ou rectificative dans une autre devise que sa facture",
    "REFERENCE-CUSTOMER": "Avoir ou rectificative d’un autre client que sa facture",
    "ACCOUNT-MOVED": "Une autre adresse pour un compte connu",
    "ACCOUNT-NUMBER-WRITTEN": "Un numéro de compte écrit autrement",
    "TOLERANCE-NONE": "Le profil ne tolère aucun refus",
    "NUMBER-USED": "Numéro déjà pris par une autre facture",
    "NUMBER-REPEATED": "Numéro qui vient plusieurs fois dans un flux, avec des contenus différents",
    "NUMBER-APART": "Lignes d’une facture séparées les unes des autres",
    "NUMBER-ROUNDED": "Numéro arrondi par un tableur",
    "NUMBER-WIDTHS": "Numéros qui ont peut-être perdu leurs zéros",
    "SELLER-OTHER": "Vendeur qui n’est pas cet émetteur",
    "FEED-EMPTY": "Aucune facture dans le flux",
    "FEED-HOPELESS": "Presque tout est refusé : profil ou format à corriger",
    "FORMAT-UNKNOWN": "Format que nous ne lisons pas",
    "FILE-EMPTY": "Fichier vide",
    "LINES-TOO-MANY": "Trop de lignes dans une facture",
    "LINES-TOO-DEEP": "Trop de niveaux de lignes dans une facture",
    "TERM-INSTALMENTS": "Versements qui ne font pas la somme à payer",
    "TEXT-ENCODING": "Texte d’un autre encodage que celui qui est annoncé",
    "TERM-REPEATED": "Un même terme est dit deux fois",
    "TERM-TWICE": "Un même terme est dit deux fois, différemment",
    "EMPTY": "Fichier vide",
    "TOO-LARGE": "Fichier trop grand",
    "CHECKSUM": "Fichier changé ou coupé en route",
    "CONTROL-FILE": "Totaux de contrôle que nous ne pouvons pas lire",
    "PAGES-NOT-ARCHIVAL": "Pages de l’émetteur : ce qui leur manque pour l’archivage et la lecture à voix haute",
    "DQ-CREDIT-NEGATIVE": "Avoir au montant négatif",
    "DQ-PERSON-TWICE": "Personne sans doute présente deux fois",
}
#: Ours by how they begin, the longest first.
_OF_FILES: Final = {
    "XML-": "XML que nous ne pouvons pas lire",
    "ZIP-": "Archive que nous ne pouvons pas ouvrir",
    "TAR-": "Archive que nous ne pouvons pas ouvrir",
    "GZIP-": "Archive que nous ne pouvons pas ouvrir",
    "CSV-": "Table que nous ne pouvons pas lire",
    "RECORD-": "Enregistrements que nous ne pouvons pas lire",
    "TRAILER-": "Fin de fichier absente ou fausse",
    "JSON-": "JSON que nous ne pouvons pas lire",
    "EDI-": "Message EDIFACT que nous ne pouvons pas lire",
    "PDF-": "PDF que nous ne pouvons pas lire",
    "INDEX-": "Index et pages ne s’accordent pas",
    "PAGES-": "Pages que nous ne pouvons pas présenter",
    "MANIFEST-": "Manifeste et fichiers ne s’accordent pas",
    "PROFILE-": "Profil à corriger",
    "ATTACHMENT-": "Pièce jointe illisible",
    "AMOUNT-": "Montant que nous ne pouvons pas prendre",
    "DATE-": "Date que nous ne pouvons pas prendre",
    "CURRENCY-": "Devise que nous ne pouvons pas prendre",
    "TEXT-": "Texte que nous ne pouvons pas prendre",
}
#: EN 16931-1, 6.4: what a family of rules is about.
_OF_THE_STANDARD: Final = (
    (re.compile(r"BR-DEC-"), "EN 16931 : trop de décimales"),
    (re.compile(r"BR-CL-"), "EN 16931 : code hors de sa liste"),
    (re.compile(r"BR-CO-"), "EN 16931 : des termes ne s’accordent pas"),
    (re.compile(r"BR-(?:S|Z|E|AE|IC|G|O|IP|IG|AF|AG|B)-"), "EN 16931 : TVA"),
    (re.compile(r"BR-\d"), "EN 16931 : il manque un terme"),
    (re.compile(r"(?:UBL|CII)-"), "Syntaxe : ce que l’EN 16931 n’emploie pas"),
)


def in_words(rule: str) -> str:
    """Returns what a rule is about; "" for a rule without a name."""
    if rule in QUALITY:
        return QUALITY[rule].found
    if rule in _OURS:
        return _OURS[rule]
    for beginning, words in _OF_FILES.items():
        if rule.startswith(beginning):
            return words
    return next((words for pattern, words in _OF_THE_STANDARD if pattern.match(rule)), "")


def all_words() -> set[str]:
    """Returns all names, for the test of translations."""
    return {*_OURS.values(), *_OF_FILES.values(), *(words for _, words in _OF_THE_STANDARD)}
