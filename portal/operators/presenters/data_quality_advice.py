"""For each data quality rule: what it finds and what an issuer does about it, in French (English in the catalogue)."""

from typing import Final, NamedTuple

from issuers.data_quality_rules import QualityRule
from words.catalogue import N_


class RuleAdvice(NamedTuple):
    """What is found, and what to do."""

    found: str
    to_do: str


RULES: Final[dict[QualityRule, RuleAdvice]] = {
    "DQ-MAIL-PHONE": RuleAdvice(
        N_("Numéro de téléphone à la place du courriel"),
        N_(
            "Déplacez le numéro dans le champ du téléphone (BT-57) et demandez l’adresse de courriel au client : sans "
            "elle, ses factures partent sur papier."
        ),
    ),
    "DQ-MAIL": RuleAdvice(
        N_("Adresse de courriel impossible"),
        N_(
            "Une seule adresse par champ, avec un @ et un domaine. Laissez le champ vide plutôt que d’écrire « néant »."
        ),
    ),
    "DQ-NAME-CASE": RuleAdvice(
        N_("Nom tout en capitales ou tout en minuscules"),
        N_("Envoyez le nom comme la personne l’écrit : prénom, puis nom. L’enveloppe se charge des capitales."),
    ),
    "DQ-NAME-ORDER": RuleAdvice(
        N_("Nom de famille avant le prénom"),
        N_("Envoyez le prénom, puis le nom. C’est ainsi que la facture et les courriels la saluent."),
    ),
    "DQ-NAME-CIVILITY": RuleAdvice(
        N_("Civilité dans le nom"),
        N_("Retirez M., Mme ou Mlle du nom de l’acheteur (BT-44) : le même client paraît sinon sous deux noms."),
    ),
    "DQ-LETTERS-GARBLED": RuleAdvice(
        N_("Lettres abîmées dans un nom ou une adresse"),
        N_(
            "Le texte a été lu dans un encodage et écrit dans un autre avant de venir ici (ZoÃ© pour Zoé) : "
            "corrigez-le dans votre base, et l’encodage de l’export."
        ),
    ),
    "DQ-ADDRESS-STREET": RuleAdvice(
        N_("Adresse sans rue"),
        N_("Ajoutez la voie ou le lieu-dit (BT-50) : sans elle, aucune lettre ne peut partir."),
    ),
    "DQ-ADDRESS-TOWN": RuleAdvice(
        N_("Code postal ou ville manquants ou mêlés"),
        N_(
            "Le code postal (BT-53) et la ville (BT-52) ont chacun leur champ ; la dernière ligne de l’enveloppe "
            "les réunit."
        ),
    ),
    "DQ-ADDRESS-POSTCODE": RuleAdvice(
        N_("Code postal impossible en France"),
        N_(
            "Cinq chiffres, d’un département qui existe. Les zéros du début se perdent souvent dans un tableur : 1000 "
            "pour 01000."
        ),
    ),
    "DQ-ADDRESS-LENGTH": RuleAdvice(
        N_("Ligne d’adresse de plus de 38 caractères"),
        N_("La norme NF Z10-011 laisse 38 caractères par ligne : abrégez la voie, ou répartissez sur BT-51 et BT-163."),
    ),
    "DQ-ADDRESS-CUT": RuleAdvice(
        N_("Nom ou adresse trop longs pour l’enveloppe"),
        N_(
            "Une ligne trop longue est pliée, puis abrégée ; celle-ci ne tient pas même ainsi. Raccourcissez le nom "
            "(BT-44) ou l’adresse (BT-50, BT-51, BT-163)."
        ),
    ),
    "DQ-ADDRESS-CAPITALS": RuleAdvice(
        N_("Ville sans capitales ou avec accents"),
        N_("Nos enveloppes l’écrivent en capitales d’elles-mêmes ; corrigez si vous imprimez aussi ailleurs."),
    ),
    "DQ-ADDRESS-PUNCTUATION": RuleAdvice(
        N_("Ponctuation dans l’adresse"),
        N_("Nos enveloppes l’enlèvent d’elles-mêmes ; corrigez si vous imprimez aussi ailleurs."),
    ),
    "DQ-IBAN": RuleAdvice(
        N_("IBAN dont la clé est fausse"),
        N_("Un chiffre a été mal saisi : le virement ou le prélèvement sera refusé. Redemandez l’IBAN."),
    ),
    "DQ-VAT": RuleAdvice(
        N_("Numéro de TVA faux"),
        N_(
            "Vérifiez le numéro sur le service VIES de la Commission européenne, et corrigez la fiche du client ou "
            "la vôtre."
        ),
    ),
    "DQ-SIREN": RuleAdvice(
        N_("SIREN ou SIRET faux"),
        N_("Neuf ou quatorze chiffres, dont la clé doit tomber juste : vérifiez dans l’Annuaire des entreprises."),
    ),
    "DQ-BUYER-COMPANY": RuleAdvice(
        N_("L’acheteur est une entreprise"),
        N_(
            "Depuis le 1er septembre 2026, sa facture légale passe par une plateforme agréée : envoyez-la par là. Ici, "
            "elle est montrée comme une copie. Si vous n’émettez pas encore ainsi, dites depuis quand dans le profil "
            "(platforms_since)."
        ),
    ),
    "DQ-CREDIT-NEGATIVE": RuleAdvice(
        N_("Avoir au montant négatif"),
        N_(
            "Un avoir rend de l’argent avec un montant positif (BT-3 381) : négatif, il en demande, et vos clients le "
            "lisent ainsi. Retirez le signe, ou envoyez une facture."
        ),
    ),
    "DQ-LINES-DIFFER": RuleAdvice(
        N_("Les lignes ne font pas le net à payer"),
        N_(
            "Sans total TTC dans le fichier, rien ne permet de savoir lequel des deux est faux : la facture part telle "
            "quelle. Donnez le total HT, la TVA et le total TTC : une facture qui ne tombe pas juste est alors refusée."
        ),
    ),
    "DQ-PERSON-TWICE": RuleAdvice(
        N_("Même personne sous deux comptes ?"),
        N_(
            "Même nom, même code postal, deux numéros. C’est une suggestion : deux contrats sont possibles, deux "
            "homonymes aussi. Rien n’est réuni sans vous."
        ),
    ),
}
