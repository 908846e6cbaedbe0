"""What whoever makes a feed does about a rule that it breaks: ours one by one, others by family. French, with English
in the catalogue."""

from typing import Final

from portal.operators.presenters.data_quality_advice import RULES as QUALITY
from words.catalogue import N_

_OURS: Final = {
    "CONTROL-TOTALS": N_(
        "Comparez le fichier avec ce que votre système croit avoir envoyé : il manque des factures, il y en a de trop, "
        "ou le fichier de contrôle est d’un autre jour."
    ),
    "DRIFT-VOLUME": N_(
        "Vérifiez que la sélection de l’export est la bonne : ni un seul groupe, ni deux mois à la fois."
    ),
    "DRIFT-AMOUNT": N_(
        "Vérifiez l’unité et la décimale des montants : des centimes pris pour des euros, une virgule perdue."
    ),
    "DRIFT-ACCOUNTS": N_(
        "Vérifiez que le numéro de compte est bien dans le champ habituel, et sous sa forme habituelle."
    ),
    "DRIFT-REJECTS": N_("Corrigez d’abord les refus qui reviennent le plus, puis renvoyez le fichier entier."),
    "ACCOUNT-QUESTIONS": N_(
        "Vérifiez que noms et adresses sont sur la ligne de leur client : un tri les a peut-être décalés."
    ),
    "ACCOUNT-SHARED": N_(
        "Donnez à chaque client son numéro. Un tableur arrondit les longs numéros : exportez-les en texte."
    ),
    "ACCOUNT-QUESTION": N_("Vérifiez à qui est ce numéro de compte, et répondez dans la console."),
    "NUMBER-USED": N_(
        "Un numéro de facture ne sert qu’une fois. Envoyez la correction sous un numéro nouveau, facture rectificative "
        "(BT-3 384) ou avoir (381)."
    ),
    "NUMBER-REPEATED": N_("Le même numéro vient avec deux contenus : gardez le bon, ou donnez un numéro à chacun."),
    "NUMBER-APART": N_(
        "Triez l’export par numéro de facture, ou dites dans le profil que ses lignes peuvent être séparées."
    ),
    "NUMBER-ROUNDED": N_("Un tableur a arrondi le numéro (1,23E+15) : exportez la colonne comme du texte."),
    "NUMBER-WIDTHS": N_("Des zéros du début se sont peut-être perdus : exportez la colonne comme du texte."),
    "SELLER-OTHER": N_(
        "Le vendeur de ces factures est un autre : vérifiez d’où vient le fichier, et son SIREN (BT-30)."
    ),
    "FEED-EMPTY": N_("Le fichier ne contient aucune facture : vérifiez la sélection de l’export."),
    "FEED-HOPELESS": N_("Presque tout est refusé pour la même raison : corrigez-la à la source, ou adaptez le profil."),
    "FORMAT-UNKNOWN": N_("Envoyez un des formats que nous lisons, ou décrivez le vôtre dans le profil."),
    "TEXT-ENCODING": N_("Annoncez l’encodage dans lequel le fichier est vraiment écrit, de préférence UTF-8."),
    "TERM-INSTALMENTS": N_("La somme des versements doit faire la somme à payer (BT-115)."),
    "CONTROL-FILE": N_(
        "Le fichier de contrôle a un nombre de factures et des sommes par devise : voyez la documentation."
    ),
    "LINES-TOO-MANY": N_("Regroupez les lignes de cette facture, ou joignez le détail en pièce jointe."),
}
#: By how they begin, the longest first.
_FAMILIES: Final = {
    "BR-DEC-": N_("Pas plus de deux décimales dans les montants : arrondissez avant d’écrire."),
    "BR-CL-": N_("Employez un code de la liste officielle : celui-ci n’y est pas."),
    "BR-CO-": N_(
        "Les termes de la facture doivent s’accorder : recalculez les totaux à partir des lignes, TVA comprise."
    ),
    "BR-": N_("Complétez le terme que la norme EN 16931 demande, ou mettez la TVA en accord avec sa catégorie."),
    "UBL-": N_("La norme n’emploie pas cet élément d’UBL : retirez-le, ou dites la chose dans le terme prévu."),
    "CII-": N_("La norme n’emploie pas cet élément de CII : retirez-le, ou dites la chose dans le terme prévu."),
    "XML-": N_("Écrivez le XML par une bibliothèque plutôt qu’en collant des textes, et envoyez le fichier entier."),
    "ZIP-": N_("Faites l’archive de nouveau et vérifiez qu’elle s’ouvre chez vous avant de l’envoyer."),
    "TAR-": N_("Faites l’archive de nouveau et vérifiez qu’elle s’ouvre chez vous avant de l’envoyer."),
    "GZIP-": N_("Faites l’archive de nouveau et vérifiez qu’elle s’ouvre chez vous avant de l’envoyer."),
    "CSV-": N_("Vérifiez séparateur, guillemets et nombre de colonnes : chaque ligne en a autant que les titres."),
    "RECORD-": N_("Vérifiez la longueur et l’ordre des enregistrements d’après le profil."),
    "TRAILER-": N_("La fin du fichier manque ou compte autrement : il a été coupé, ou complété après coup."),
    "JSON-": N_("Écrivez le JSON par une bibliothèque, et envoyez le fichier entier."),
    "EDI-": N_("Vérifiez les compteurs et les références des segments UNB à UNZ."),
    "PDF-": N_("Envoyez des PDF sans mot de passe, qui s’ouvrent dans un lecteur ordinaire."),
    "INDEX-": N_("Chaque entrée de l’index doit trouver ses pages, et chaque page son entrée."),
    "PAGES-": N_("Chaque entrée de l’index doit trouver ses pages, et chaque page son entrée."),
    "MANIFEST-": N_("Le manifeste doit nommer chaque fichier de l’archive, et rien d’autre."),
    "PROFILE-": N_(
        "Adaptez le profil à ce que votre système envoie : le fichier et le profil ne se correspondent pas."
    ),
    "ATTACHMENT-": N_("Joignez la pièce de nouveau : elle est vide, coupée, ou d’un type que nous n’ouvrons pas."),
    "AMOUNT-": N_("Écrivez les montants avec deux décimales, toujours le même séparateur, sans lettre ni blanc."),
    "DATE-": N_("Écrivez les dates toujours de la même façon, de préférence 2026-03-31."),
    "CURRENCY-": N_("Écrivez la devise par son code de trois lettres, comme EUR."),
    "CUSTOMER": N_("Corrigez la fiche chez vous, puis renvoyez-la avec un instant plus récent."),
    "TEXT-": N_("Retirez du texte les caractères de contrôle, et gardez-en la longueur raisonnable."),
    "TERM-": N_("Dites chaque terme une seule fois."),
    "REFERENCE-": N_("Vérifiez la facture d’origine que cet avoir ou cette rectificative nomme (BT-25)."),
    "ACCOUNT-": N_("Vérifiez nom, adresse et numéro de compte dans votre base : ils ont changé sans être annoncés."),
}


def remedy(rule: str) -> str:
    """Returns what to do about a rule; "" where its message alone says it."""
    if rule in QUALITY:
        return QUALITY[rule].to_do
    if rule in _OURS:
        return _OURS[rule]
    return next((words for beginning, words in _FAMILIES.items() if rule.startswith(beginning)), "")
