"""Compares two bills term by term, with the terms' French names (English in `english/`)."""

from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

import msgspec
from markupsafe import Markup, escape

from bill import Bill
from bill.diff import Path, TermDifference, diff_bills
from bill.frozen_struct import FrozenStruct
from portal.presenters.amounts_and_dates import exact_day, money, number
from portal.translation import say

#: Groups of terms (EN 16931 BG-…); `{n}` is a member's place, or a line's own id.
GROUPS: Final = {
    "totals": "", "seller": "émetteur", "buyer": "destinataire", "lines": "ligne {n}", "vat": "TVA {n}",
    "payment": "paiement", "payments": "paiement {n}", "transfers": "compte {n}", "period": "période",
    "notes": "note {n}", "allowances_charges": "remise ou frais {n}", "preceding": "facture d’origine {n}",
    "payee": "bénéficiaire", "tax_representative": "représentant fiscal", "delivered": "livraison", "party": "chez",
    "attachments": "pièce jointe {n}", "contact": "contact", "attributes": "précision {n}", "address": "",
    "identifiers": "identifiant {n}", "classifications": "classe {n}", "location": "lieu",
    "instalments": "versement {n}", "parts": "détail {n}",
}  # fmt: skip

TERMS: Final = {
    "number": "numéro", "issue_date": "date", "currency": "devise", "type_code": "type (BT-3)",
    "due_date": "échéance", "due": "échéance du versement", "terms": "conditions de paiement", "contract": "contrat",
    "buyer_reference": "référence de l’acheteur", "order": "commande", "sales_order": "ordre de vente",
    "project": "projet", "despatch": "expédition", "receiving": "réception", "tender": "marché",
    "object_id": "objet", "buyer_accounting": "imputation de l’acheteur", "process": "processus",
    "profile": "profil de la facture", "vat_currency": "devise de la TVA", "tax_point": "exigibilité de la TVA",
    "tax_point_code": "code d’exigibilité", "language": "langue", "pages_sha256": "pages de l’émetteur",
    "payable": "à payer", "gross": "total TTC", "net": "total HT", "vat": "TVA", "lines": "total des lignes",
    "allowances": "remises", "charges": "frais", "paid": "déjà payé", "rounding": "arrondi",
    "vat_in_vat_currency": "TVA dans sa devise", "previous_balance": "solde précédent",
    "payments": "paiements reçus", "name": "nom", "trading_name": "nom commercial", "legal_id": "identifiant légal",
    "vat_id": "n° de TVA", "tax_id": "n° fiscal", "legal_form": "forme juridique",
    "electronic_address": "adresse électronique", "line1": "rue", "line2": "complément", "line3": "bâtiment",
    "city": "ville", "postcode": "code postal", "subdivision": "région", "country": "pays", "phone": "téléphone",
    "email": "courriel", "value": "", "scheme": "registre", "id": "identifiant",
    "description": "description", "quantity": "quantité", "unit": "unité", "net_price": "prix net",
    "gross_price": "prix brut", "price_discount": "remise sur le prix", "price_base": "prix pour",
    "price_base_unit": "unité du prix", "net_amount": "montant HT", "vat_category": "catégorie de TVA",
    "vat_rate": "taux de TVA", "note": "note", "order_line": "ligne du bon de commande", "cost_account": "imputation",
    "seller_item_id": "article de l’émetteur", "buyer_item_id": "article de l’acheteur",
    "standard_item_id": "article normalisé", "origin_country": "pays d’origine", "category": "catégorie",
    "taxable": "base", "rate": "taux", "exemption_reason": "motif d’exonération",
    "exemption_code": "code d’exonération", "means_code": "moyen (code)", "means_text": "moyen",
    "remittance": "référence à rappeler", "iban": "IBAN", "bic": "BIC", "card_number": "carte",
    "card_holder": "titulaire de la carte", "mandate": "mandat (RUM)", "creditor_id": "créancier (ICS)",
    "debited_iban": "IBAN débité", "text": "texte", "subject": "sujet", "start": "début", "end": "fin",
    "amount": "montant", "is_charge": "en plus", "base": "base", "percent": "pour cent", "reason": "motif",
    "reason_code": "code du motif", "link": "lien", "filename": "fichier", "media_type": "nature",
    "parent": "ligne dont c’est le détail", "kind": "nature de la ligne", "third_party": "encaissé pour des tiers",
    "sha256": "empreinte", "size": "taille en octets", "on": "date", "identifiers": "identifiants",
}  # fmt: skip

_AMOUNTS: Final = frozenset(
    {
        "payable", "gross", "net", "vat", "lines", "allowances", "charges", "paid", "rounding", "previous_balance",
        "payments", "third_party", "net_amount", "taxable", "amount",
    }
)  # fmt: skip
_REPEATED: Final = frozenset(name for name, words in GROUPS.items() if "{n}" in words)
#: Of a longer text, or a digest, so much is shown.
_LONGEST: Final = 300


class Term(NamedTuple):
    """A term's name and its value in each of two bills; empty where a bill does not have it."""

    name: str
    first: Markup
    second: Markup


def terms_that_differ(first: Bill, second: Bill) -> list[Term]:
    """Returns the terms whose values differ, in the visitor's language."""
    return [_term(each, first.currency, second.currency) for each in diff_bills(first, second)]


def _term(difference: TermDifference, first: str, second: str) -> Term:
    field = str(difference.path[-1])
    return Term(
        _name(difference.path), _spell(difference.first, field, first), _spell(difference.second, field, second)
    )


def _name(path: Path) -> str:
    """`Destinataire, rue`; `Ligne 3, montant HT`."""
    words = []
    rest = iter(map(str, path))
    for part in rest:
        if part in _REPEATED and (member := next(rest, None)) is not None:
            words.append(say(GROUPS[part]).replace("{n}", member))
        else:
            words.append(say(TERMS[part] if part in TERMS else GROUPS.get(part, part)))
    told = ", ".join(filter(None, words))
    return told[:1].upper() + told[1:]


def _spell(value: Any, field: str, currency: str) -> Markup:
    match value:
        case None:
            return Markup("")
        case bool():
            return escape(say("oui") if value else say("non"))
        case Decimal() if field in _AMOUNTS:
            return money(value, currency)
        case Decimal() | int():
            return escape(number(value))
        case date():
            return exact_day(value)
        case FrozenStruct():
            return _spell_group(value, currency)
    text = str(value)
    return escape(text if len(text) <= _LONGEST else text[:_LONGEST] + " …")


def _spell_group(group: FrozenStruct, currency: str) -> Markup:
    """Returns a group of terms on one line: `Frais de dossier, 1, 9,90 €`."""
    said = (
        _spell(value, field.name, currency)
        for field in msgspec.structs.fields(group)
        if (value := getattr(group, field.name)) not in (None, "", (), False) and not isinstance(value, tuple)
    )
    return Markup(", ").join(each for each in said if each)
