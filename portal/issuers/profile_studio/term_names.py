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
        "sales_order": N_("Numéro de la commande de vente"),
        "project": N_("Référence du projet"),
        "despatch": N_("Bon d’expédition"),
        "receiving": N_("Bon de réception"),
        "tender": N_("Référence du marché"),
        "buyer_accounting": N_("Imputation comptable du client"),
        "process": N_("Processus (Peppol, Chorus)"),
        "profile": N_("Spécification suivie"),
        "language": N_("Langue de la facture"),
        "tax_point": N_("Date d’exigibilité de la TVA"),
        "tax_point_code": N_("Exigibilité de la TVA (code)"),
        "preceding.number": N_("Numéro de la facture corrigée ou créditée"),
        "preceding.issue_date": N_("Date de la facture corrigée ou créditée"),
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
        "vat_currency": N_("Devise de la TVA"),
        "vat_in_vat_currency": N_("Total de TVA dans la devise de la TVA"),
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
        "buyer.trading_name": N_("Nom commercial du client"),
        "buyer.tax_id": N_("N° fiscal local du client"),
        "buyer.legal_form": N_("Forme juridique du client"),
        "buyer.electronic_address": N_("Adresse de facturation électronique du client"),
        "buyer.subdivision": N_("Région du client"),
        "buyer.contact": N_("Contact du client"),
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
        "line.gross_price": N_("Prix unitaire HT avant remise"),
        "line.price_discount": N_("Remise sur le prix unitaire"),
        "line.price_base": N_("Nombre d’unités pour ce prix"),
        "line.price_base_unit": N_("Unité de ce nombre"),
        "line.note": N_("Note de la ligne"),
        "line.object_id": N_("Objet de la ligne"),
        "line.order_line": N_("Ligne de la commande"),
        "line.cost_account": N_("Imputation comptable de la ligne"),
        "line.seller_item_id": N_("Référence de l’article chez l’émetteur"),
        "line.buyer_item_id": N_("Référence de l’article chez le client"),
        "line.standard_item_id": N_("Code standard de l’article (GTIN)"),
        "line.origin_country": N_("Pays d’origine de l’article"),
        "line.parent": N_("Numéro de la ligne qui la contient"),
        "line.kind": N_("Nature de la ligne (détail, groupe)"),
    },
    N_("La TVA"): {
        "vat.rate": N_("Taux"),
        "vat.taxable": N_("Base HT"),
        "vat.amount": N_("Montant de TVA"),
        "vat.category": N_("Catégorie"),
        "vat.vat": N_("Montant de TVA, dit autrement"),
        "vat.exemption_reason": N_("Motif d’exonération"),
        "vat.exemption_code": N_("Motif d’exonération (code VATEX)"),
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
        "instalment.text": N_("Libellé d’un versement"),
        "payment.means_text": N_("Moyen de paiement, en mots"),
        "payment.card_number": N_("Carte, derniers chiffres"),
        "payment.card_holder": N_("Titulaire de la carte"),
        "payment.scheme": N_("Schéma de paiement"),
        "payment.account_name": N_("Titulaire du compte à créditer"),
    },
    N_("L’émetteur"): {
        "seller.name": N_("Nom de l’émetteur"),
        "seller.legal_id": N_("SIREN de l’émetteur"),
        "seller.vat_id": N_("N° de TVA de l’émetteur"),
        "seller.trading_name": N_("Nom commercial de l’émetteur"),
        "seller.tax_id": N_("N° fiscal local de l’émetteur"),
        "seller.legal_form": N_("Forme juridique de l’émetteur"),
        "seller.electronic_address": N_("Adresse de facturation électronique de l’émetteur"),
        "seller.line1": N_("Adresse de l’émetteur, ligne 1"),
        "seller.line2": N_("Adresse de l’émetteur, ligne 2"),
        "seller.line3": N_("Adresse de l’émetteur, ligne 3"),
        "seller.postcode": N_("Code postal de l’émetteur"),
        "seller.city": N_("Ville de l’émetteur"),
        "seller.subdivision": N_("Région de l’émetteur"),
        "seller.country": N_("Pays de l’émetteur"),
        "seller.id": N_("Identifiant de l’émetteur"),
        "seller.contact": N_("Contact de l’émetteur"),
        "seller.phone": N_("Téléphone de l’émetteur"),
        "seller.email": N_("Courriel de l’émetteur"),
    },
    N_("Le bénéficiaire du paiement"): {
        "payee.name": N_("Nom du bénéficiaire"),
        "payee.trading_name": N_("Nom commercial du bénéficiaire"),
        "payee.legal_id": N_("SIREN du bénéficiaire"),
        "payee.vat_id": N_("N° de TVA du bénéficiaire"),
        "payee.tax_id": N_("N° fiscal local du bénéficiaire"),
        "payee.legal_form": N_("Forme juridique du bénéficiaire"),
        "payee.electronic_address": N_("Adresse de facturation électronique du bénéficiaire"),
        "payee.line1": N_("Adresse du bénéficiaire, ligne 1"),
        "payee.line2": N_("Adresse du bénéficiaire, ligne 2"),
        "payee.line3": N_("Adresse du bénéficiaire, ligne 3"),
        "payee.postcode": N_("Code postal du bénéficiaire"),
        "payee.city": N_("Ville du bénéficiaire"),
        "payee.subdivision": N_("Région du bénéficiaire"),
        "payee.country": N_("Pays du bénéficiaire"),
        "payee.id": N_("Identifiant du bénéficiaire"),
        "payee.contact": N_("Contact du bénéficiaire"),
        "payee.phone": N_("Téléphone du bénéficiaire"),
        "payee.email": N_("Courriel du bénéficiaire"),
    },
    N_("Vos propres pages"): {
        "pages.file": N_("Fichier PDF de la facture"),
        "pages.first": N_("Première page"),
        "pages.count": N_("Nombre de pages"),
        "pages_sha256": N_("Empreinte SHA-256 des pages"),
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
