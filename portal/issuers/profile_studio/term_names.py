"""The terms of a bill as the studio names them, by what they are of. A term that is not here is named as the profile
names it."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from portal.translation import say
from words.catalogue import N_

_GROUPS: Final[dict[str, dict[str, str]]] = {
    N_("La facture"): {
        "number": N_("Numéro de facture"),
        "issue_date": N_("Date de facture"),
        "due_date": N_("Date d’échéance"),
        "currency": N_("Devise"),
        "type_code": N_("Type (380 facture, 381 avoir)"),
        "period.start": N_("Début de la période"),
        "period.end": N_("Fin de la période"),
        "contract": N_("Numéro de contrat"),
        "preceding": N_("Facture corrigée ou créditée"),
        "note": N_("Message au client"),
        "terms": N_("Conditions de paiement"),
        "delivered.on": N_("Date de livraison"),
        "order": N_("Numéro de commande"),
        "buyer_reference": N_("Référence du client"),
        "object_id": N_("Objet facturé"),
    },
    N_("Les montants"): {
        "payable": N_("Net à payer"),
        "gross": N_("Total TTC"),
        "net": N_("Total HT"),
        "vat": N_("Total de TVA"),
        "lines": N_("Somme des lignes"),
        "paid": N_("Déjà payé"),
        "previous_balance": N_("Solde antérieur"),
        "payments": N_("Paiements reçus"),
        "allowances": N_("Remises"),
        "charges": N_("Frais"),
        "rounding": N_("Arrondi"),
        "third_party": N_("Pour le compte de tiers"),
    },
    N_("Le client"): {
        "buyer.id": N_("Numéro de client"),
        "buyer.name": N_("Nom du client"),
        "buyer.line1": N_("Adresse, ligne 1"),
        "buyer.line2": N_("Adresse, ligne 2"),
        "buyer.line3": N_("Adresse, ligne 3"),
        "buyer.postcode": N_("Code postal"),
        "buyer.city": N_("Ville"),
        "buyer.country": N_("Pays"),
        "buyer.email": N_("Courriel du client"),
        "buyer.phone": N_("Téléphone du client"),
        "buyer.legal_id": N_("SIREN du client"),
        "buyer.vat_id": N_("N° de TVA du client"),
    },
    N_("Une ligne"): {
        "line.name": N_("Libellé de la ligne"),
        "line.quantity": N_("Quantité"),
        "line.unit": N_("Unité"),
        "line.net_price": N_("Prix unitaire HT"),
        "line.net_amount": N_("Montant HT de la ligne"),
        "line.vat_rate": N_("Taux de TVA de la ligne"),
        "line.vat_category": N_("Catégorie de TVA de la ligne"),
        "line.description": N_("Description de la ligne"),
        "line.start": N_("Début de la période de la ligne"),
        "line.end": N_("Fin de la période de la ligne"),
        "line.meter": N_("Compteur"),
        "line.group": N_("Rubrique"),
        "line.id": N_("Numéro de la ligne"),
    },
    N_("La TVA"): {
        "vat.rate": N_("Taux"),
        "vat.taxable": N_("Base HT"),
        "vat.amount": N_("Montant de TVA"),
        "vat.category": N_("Catégorie"),
    },
    N_("Le paiement"): {
        "payment.iban": N_("IBAN à créditer"),
        "payment.bic": N_("BIC"),
        "payment.remittance": N_("Référence à rappeler"),
        "payment.mandate": N_("Référence du mandat (RUM)"),
        "payment.creditor_id": N_("ICS du créancier"),
        "payment.debited_iban": N_("IBAN prélevé"),
        "payment.means_code": N_("Moyen de paiement (code)"),
        "instalment.amount": N_("Montant d’un versement"),
        "instalment.due": N_("Date d’un versement"),
    },
    N_("L’émetteur"): {
        "seller.name": N_("Nom de l’émetteur"),
        "seller.legal_id": N_("SIREN de l’émetteur"),
        "seller.vat_id": N_("N° de TVA de l’émetteur"),
    },
}
_REST: Final = N_("Autres termes")


class TermGroup(NamedTuple):
    """Terms of one part of a bill: their names in the profile and in words."""

    name: str
    terms: tuple[tuple[str, str], ...]


def term_groups(terms: Iterable[str]) -> list[TermGroup]:
    """The terms by group, in the reader's language; those without a name of ours come last."""
    known = list(terms)
    groups = [
        TermGroup(say(group), tuple((term, say(names[term])) for term in names if term in known))
        for group, names in _GROUPS.items()
    ]
    named = {term for names in _GROUPS.values() for term in names}
    rest = tuple((term, term) for term in known if term not in named)
    return [each for each in (*groups, TermGroup(say(_REST), rest)) if each.terms]


def term_name(term: str) -> str:
    """One term in the reader's language."""
    return next((say(names[term]) for names in _GROUPS.values() if term in names), term)
