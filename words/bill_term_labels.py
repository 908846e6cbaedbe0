"""The labels of a bill's less common terms (parties, references, articles), in French; the other languages are in the
catalogues `printed`."""

from dataclasses import dataclass
from functools import cache

from words.printed_label import L_, labels_in
from words.printed_languages import printed_language


@dataclass(frozen=True, slots=True)
class TermLabels:
    """What names a number on a page, in one language (`words.printed_label.labels_in`). The comments name the term of
    EN 16931."""

    seller: str = L_("Émetteur")  # BG-4
    buyer: str = L_("Client")  # BG-7
    payee: str = L_("À payer à")  # BG-10
    tax_representative: str = L_("Représentant fiscal")  # BG-11
    delivery: str = L_("Livraison")  # BG-13
    trading_name: str = L_("Nom commercial")  # BT-28, BT-45
    identifier: str = L_("Identifiant")  # BT-29, BT-46
    legal_id: str = L_("N° d’immatriculation")  # BT-30, BT-47
    vat_id: str = L_("N° de TVA")  # BT-31, BT-48
    tax_id: str = L_("N° fiscal")  # BT-32
    contact: str = L_("Contact")  # BG-6, BG-9
    electronic_address: str = L_("Adresse électronique")  # BT-34, BT-49
    delivered_on: str = L_("Livré le")  # BT-72
    tax_point: str = L_("TVA exigible le")  # BT-7
    references: str = L_("Références")
    project: str = L_("Projet")  # BT-11
    sales_order: str = L_("Commande chez l’émetteur")  # BT-14
    receiving: str = L_("Avis de réception")  # BT-15
    despatch: str = L_("Bon de livraison")  # BT-16
    tender: str = L_("Marché ou lot")  # BT-17
    object: str = L_("Objet facturé")  # BT-18, BT-128
    accounting: str = L_("Imputation")  # BT-19, BT-133
    preceding: str = L_("Se rapporte à")  # BG-3
    attachments: str = L_("Pièces jointes")  # BG-24
    card: str = L_("Carte")  # BT-87
    other_account: str = L_("Autre compte")  # BG-17, of several
    lines_total: str = L_("Total des lignes")  # BT-106
    allowances_total: str = L_("Total des remises")  # BT-107
    charges_total: str = L_("Total des frais")  # BT-108
    order_line: str = L_("Ligne de commande")  # BT-132
    seller_item: str = L_("Article")  # BT-155
    buyer_item: str = L_("Votre article")  # BT-156
    standard_item: str = L_("Code article")  # BT-157
    classification: str = L_("Classement")  # BT-158
    origin: str = L_("Origine")  # BT-159
    gross_price: str = L_("Prix avant remise")  # BT-148
    percent_of: str = L_("{percent} de {base}")  # BT-93, BT-94: an allowance of so much
    in_full: str = L_("En entier")  # head of texts that are too long for their place
    on_page: str = L_("page {number}")  # on page one: where the slip is


def term_labels(language: str) -> TermLabels:
    """Return the labels in this language; French for one that bills are not printed in."""
    return _labels(printed_language(language))


@cache
def _labels(language: str) -> TermLabels:
    return labels_in(TermLabels, language)
