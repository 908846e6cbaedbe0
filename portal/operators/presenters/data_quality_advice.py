"""For each data quality rule: what it finds and what an issuer does about it, in French (English in `english/`)."""

from typing import Final, NamedTuple

from issuers.data_quality_rules import QualityRule


class RuleAdvice(NamedTuple):
    """What is found, and what to do."""

    found: str
    to_do: str


RULES: Final[dict[QualityRule, RuleAdvice]] = {
    "DQ-MAIL-PHONE": RuleAdvice(
        "Numéro de téléphone à la place du courriel",
        "Déplacez le numéro dans le champ du téléphone (BT-57) et demandez l’adresse de courriel au client : sans "
        "elle, ses factures partent sur papier.",
    ),
    "DQ-MAIL": RuleAdvice(
        "Adresse de courriel impossible",
        "Une seule adresse par champ, avec un @ et un domaine. Laissez le champ vide plutôt que d’écrire « néant ».",
    ),
    "DQ-NAME-CASE": RuleAdvice(
        "Nom tout en capitales ou tout en minuscules",
        "Envoyez le nom comme la personne l’écrit : Alice Martin. L’enveloppe se charge des capitales.",
    ),
    "DQ-NAME-ORDER": RuleAdvice(
        "Nom de famille avant le prénom",
        "Envoyez le prénom, puis le nom : Alice Martin. C’est ainsi que la facture et les courriels la saluent.",
    ),
    "DQ-NAME-CIVILITY": RuleAdvice(
        "Civilité dans le nom",
        "Retirez M., Mme ou Mlle du nom de l’acheteur (BT-44) : le même client paraît sinon sous deux noms.",
    ),
    "DQ-LETTERS-GARBLED": RuleAdvice(
        "Lettres abîmées dans un nom ou une adresse",
        "Le texte a été lu dans un encodage et écrit dans un autre avant de venir ici (ZoÃ© pour Zoé) : corrigez-le "
        "dans votre base, et l’encodage de l’export.",
    ),
    "DQ-ADDRESS-STREET": RuleAdvice(
        "Adresse sans rue",
        "Ajoutez la voie ou le lieu-dit (BT-50) : sans elle, aucune lettre ne peut partir.",
    ),
    "DQ-ADDRESS-TOWN": RuleAdvice(
        "Code postal ou ville manquants ou mêlés",
        "Le code postal (BT-53) et la ville (BT-52) ont chacun leur champ ; la dernière ligne de l’enveloppe "
        "les réunit.",
    ),
    "DQ-ADDRESS-POSTCODE": RuleAdvice(
        "Code postal impossible en France",
        "Cinq chiffres, d’un département qui existe. Les zéros du début se perdent souvent dans un tableur : 1000 pour "
        "01000.",
    ),
    "DQ-ADDRESS-LENGTH": RuleAdvice(
        "Ligne d’adresse de plus de 38 caractères",
        "La norme NF Z10-011 laisse 38 caractères par ligne : abrégez la voie, ou répartissez sur BT-51 et BT-163.",
    ),
    "DQ-ADDRESS-CUT": RuleAdvice(
        "Nom ou adresse trop longs pour l’enveloppe",
        "Une ligne trop longue est pliée, puis abrégée ; celle-ci ne tient pas même ainsi. Raccourcissez le nom "
        "(BT-44) ou l’adresse (BT-50, BT-51, BT-163).",
    ),
    "DQ-ADDRESS-CAPITALS": RuleAdvice(
        "Ville sans capitales ou avec accents",
        "Nos enveloppes l’écrivent en capitales d’elles-mêmes ; corrigez si vous imprimez aussi ailleurs.",
    ),
    "DQ-ADDRESS-PUNCTUATION": RuleAdvice(
        "Ponctuation dans l’adresse",
        "Nos enveloppes l’enlèvent d’elles-mêmes ; corrigez si vous imprimez aussi ailleurs.",
    ),
    "DQ-IBAN": RuleAdvice(
        "IBAN dont la clé est fausse",
        "Un chiffre a été mal saisi : le virement ou le prélèvement sera refusé. Redemandez l’IBAN.",
    ),
    "DQ-VAT": RuleAdvice(
        "Numéro de TVA faux",
        "Vérifiez le numéro sur le service VIES de la Commission européenne, et corrigez la fiche du client ou "
        "la vôtre.",
    ),
    "DQ-SIREN": RuleAdvice(
        "SIREN ou SIRET faux",
        "Neuf ou quatorze chiffres, dont la clé doit tomber juste : vérifiez dans l’Annuaire des entreprises.",
    ),
    "DQ-BUYER-COMPANY": RuleAdvice(
        "L’acheteur est une entreprise",
        "Depuis le 1er septembre 2026, sa facture légale passe par une plateforme agréée : envoyez-la par là. Ici, "
        "elle est montrée comme une copie. Si vous n’émettez pas encore ainsi, dites depuis quand dans le profil "
        "(platforms_since).",
    ),
    "DQ-CREDIT-NEGATIVE": RuleAdvice(
        "Avoir au montant négatif",
        "Un avoir rend de l’argent avec un montant positif (BT-3 381) : négatif, il en demande, et vos clients le "
        "lisent ainsi. Retirez le signe, ou envoyez une facture.",
    ),
    "DQ-PERSON-TWICE": RuleAdvice(
        "Même personne sous deux comptes ?",
        "Même nom, même code postal, deux numéros. C’est une suggestion : deux contrats sont possibles, deux homonymes "
        "aussi. Rien n’est réuni sans vous.",
    ),
}
