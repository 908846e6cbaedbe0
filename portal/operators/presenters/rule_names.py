"""Short names of rules for people: ours one by one, EN 16931's by family. French, with English in the catalogue."""

import re
from typing import Final

from portal.operators.presenters.data_quality_advice import RULES as QUALITY
from words.catalogue import N_

#: Ours: of whole feeds, of items, of files.
_OURS: Final = {
    "CONTROL-TOTALS": N_("Le flux ne contient pas ce qui était annoncé"),
    "DRIFT-VOLUME": N_("Nombre de factures inhabituel"),
    "DRIFT-AMOUNT": N_("Montant moyen inhabituel"),
    "DRIFT-ACCOUNTS": N_("Part de comptes nouveaux inhabituelle"),
    "DRIFT-REJECTS": N_("Part de refus inhabituelle"),
    "ACCOUNT-QUESTIONS": N_("Trop de comptes avec un autre nom et une autre adresse"),
    "ACCOUNT-SHARED": N_("Un numéro de compte pour plusieurs personnes"),
    "ACCOUNT-QUESTION": N_("Une autre personne sous un numéro de compte tenu"),
    "ACCOUNT-HOLDER-CHANGED": N_("Un autre nom sur un compte connu"),
    "REFERENCE-CURRENCY": N_("Avoir ou rectificative dans une autre devise que sa facture"),
    "REFERENCE-CUSTOMER": N_("Avoir ou rectificative d’un autre client que sa facture"),
    "ACCOUNT-MAIL-CAME-BACK": N_("Du courrier est revenu de l’adresse d’une facture"),
    "ACCOUNT-MOVED": N_("Une autre adresse pour un compte connu"),
    "ACCOUNT-NUMBER-WRITTEN": N_("Un numéro de compte écrit autrement"),
    "TOLERANCE-NONE": N_("Le profil ne tolère aucun refus"),
    "NUMBER-USED": N_("Numéro déjà pris par une autre facture"),
    "NUMBER-RECALLED": N_("Numéro d’une facture rappelée"),
    "NUMBER-REPEATED": N_("Numéro qui vient plusieurs fois dans un flux, avec des contenus différents"),
    "NUMBER-APART": N_("Lignes d’une facture séparées les unes des autres"),
    "NUMBER-ROUNDED": N_("Numéro arrondi par un tableur"),
    "NUMBER-WIDTHS": N_("Numéros qui ont peut-être perdu leurs zéros"),
    "SELLER-OTHER": N_("Vendeur qui n’est pas cet émetteur"),
    "FEED-EMPTY": N_("Aucune facture dans le flux"),
    "FEED-HOPELESS": N_("Presque tout est refusé : profil ou format à corriger"),
    "FORMAT-UNKNOWN": N_("Format que nous ne lisons pas"),
    "FILE-EMPTY": N_("Fichier vide"),
    "LINES-TOO-MANY": N_("Trop de lignes dans une facture"),
    "LINES-TOO-DEEP": N_("Trop de niveaux de lignes dans une facture"),
    "TERM-INSTALMENTS": N_("Versements qui ne font pas la somme à payer"),
    "TEXT-ENCODING": N_("Texte d’un autre encodage que celui qui est annoncé"),
    "TERM-REPEATED": N_("Un même terme est dit deux fois"),
    "TERM-TWICE": N_("Un même terme est dit deux fois, différemment"),
    "EMPTY": N_("Fichier vide"),
    "TOO-LARGE": N_("Fichier trop grand"),
    "CHECKSUM": N_("Fichier changé ou coupé en route"),
    "ISSUER-CLOSED": N_("Émetteur qui a quitté le service"),
    "CONTROL-FILE": N_("Totaux de contrôle que nous ne pouvons pas lire"),
    "PAGES-NOT-ARCHIVAL": N_("Pages de l’émetteur : ce qui leur manque pour l’archivage et la lecture à voix haute"),
    "CUSTOMERS-MOVED": N_("Trop de comptes dont les lettres iraient ailleurs"),
    "CUSTOMERS-RENAMED": N_("Trop de comptes dont le titulaire changerait de nom"),
    "CUSTOMERS-CLOSED": N_("Trop de comptes clos ou dont le titulaire serait décédé"),
    "CUSTOMERS-QUESTIONS": N_("Trop de comptes avec un autre nom et une autre adresse"),
    "CUSTOMERS-REJECTED": N_("Part de refus inhabituelle"),
    "CUSTOMERS-SHORTER": N_("Fichier clients bien plus court que le précédent"),
    "CUSTOMER-OLDER": N_("Fiche plus ancienne que ce qui est connu"),
    "CUSTOMER-TIED": N_("Deux fiches du même instant se contredisent"),
    "CUSTOMER-MENDED": N_("Une adresse corrigée ici, et une autre chez l’émetteur"),
    "CUSTOMER-MENDED-OVER": N_("Une adresse corrigée ici cède à une plus récente"),
    "CUSTOMER-CLOSED": N_("Compte clos qui n’était pas connu"),
    "CUSTOMER-QUESTION-OPEN": N_("Fiche sans nom sous un numéro en question"),
    "DQ-CREDIT-NEGATIVE": N_("Avoir au montant négatif"),
    "DQ-LINES-DIFFER": N_("Les lignes ne font pas le net à payer"),
    "DQ-PERSON-TWICE": N_("Personne sans doute présente deux fois"),
}
#: Ours by how they begin, the longest first.
_OF_FILES: Final = {
    "XML-": N_("XML que nous ne pouvons pas lire"),
    "ZIP-": N_("Archive que nous ne pouvons pas ouvrir"),
    "TAR-": N_("Archive que nous ne pouvons pas ouvrir"),
    "GZIP-": N_("Archive que nous ne pouvons pas ouvrir"),
    "CSV-": N_("Table que nous ne pouvons pas lire"),
    "RECORD-": N_("Enregistrements que nous ne pouvons pas lire"),
    "TRAILER-": N_("Fin de fichier absente ou fausse"),
    "JSON-": N_("JSON que nous ne pouvons pas lire"),
    "EDI-": N_("Message EDIFACT que nous ne pouvons pas lire"),
    "PDF-": N_("PDF que nous ne pouvons pas lire"),
    "INDEX-": N_("Index et pages ne s’accordent pas"),
    "PAGES-": N_("Pages que nous ne pouvons pas présenter"),
    "MANIFEST-": N_("Manifeste et fichiers ne s’accordent pas"),
    "PROFILE-": N_("Profil à corriger"),
    "ATTACHMENT-": N_("Pièce jointe illisible"),
    "AMOUNT-": N_("Montant que nous ne pouvons pas prendre"),
    "DATE-": N_("Date que nous ne pouvons pas prendre"),
    "CURRENCY-": N_("Devise que nous ne pouvons pas prendre"),
    "CUSTOMER-": N_("Fiche client que nous ne pouvons pas prendre entière"),
    "TEXT-": N_("Texte que nous ne pouvons pas prendre"),
}
#: EN 16931-1, 6.4: what a family of rules is about.
_OF_THE_STANDARD: Final = (
    (re.compile(r"BR-DEC-"), N_("EN 16931 : trop de décimales")),
    (re.compile(r"BR-CL-"), N_("EN 16931 : code hors de sa liste")),
    (re.compile(r"BR-CO-"), N_("EN 16931 : des termes ne s’accordent pas")),
    (re.compile(r"BR-(?:S|Z|E|AE|IC|G|O|IP|IG|AF|AG|B)-"), N_("EN 16931 : TVA")),
    (re.compile(r"BR-\d"), N_("EN 16931 : il manque un terme")),
    (re.compile(r"(?:UBL|CII)-"), N_("Syntaxe : ce que l’EN 16931 n’emploie pas")),
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
