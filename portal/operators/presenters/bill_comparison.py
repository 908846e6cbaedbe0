"""Compares two bills term by term, with the terms' French names (English in the catalogue)."""

from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

import msgspec
from markupsafe import Markup, escape

from bill import Bill
from bill.diff import Path, TermDifference, diff_bills
from bill.frozen_struct import FrozenStruct
from portal.presenters.amounts_and_dates import exact_day, money, number
from portal.translation import language, say
from words.catalogue import N_
from words.units_of_measure import unit_word

#: Groups of terms (EN 16931 BG-…); `{n}` is a member's place, or a line's own id.
GROUPS: Final = {
    "totals": "",
    "seller": N_("émetteur"),
    "buyer": N_("destinataire"),
    "lines": N_("ligne {n}"),
    "vat": N_("TVA {n}"),
    "payment": N_("paiement"),
    "payments": N_("paiement {n}"),
    "transfers": N_("compte {n}"),
    "period": N_("période"),
    "notes": N_("note {n}"),
    "allowances_charges": N_("remise ou frais {n}"),
    "preceding": N_("facture d’origine {n}"),
    "payee": N_("bénéficiaire"),
    "tax_representative": N_("représentant fiscal"),
    "delivered": N_("livraison"),
    "party": N_("chez"),
    "attachments": N_("pièce jointe {n}"),
    "contact": N_("contact"),
    "attributes": N_("précision {n}"),
    "address": "",
    "identifiers": N_("identifiant {n}"),
    "classifications": N_("classe {n}"),
    "location": N_("lieu"),
    "instalments": N_("versement {n}"),
    "parts": N_("détail {n}"),
}

TERMS: Final = {
    "number": N_("numéro"),
    "issue_date": N_("date"),
    "currency": N_("devise"),
    "type_code": N_("type (BT-3)"),
    "due_date": N_("échéance"),
    "due": N_("échéance du versement"),
    "terms": N_("conditions de paiement"),
    "contract": N_("contrat"),
    "buyer_reference": N_("référence de l’acheteur"),
    "order": N_("commande"),
    "sales_order": N_("ordre de vente"),
    "project": N_("projet"),
    "despatch": N_("expédition"),
    "receiving": N_("réception"),
    "tender": N_("marché"),
    "object_id": N_("objet"),
    "buyer_accounting": N_("imputation de l’acheteur"),
    "process": N_("processus"),
    "profile": N_("profil de la facture"),
    "vat_currency": N_("devise de la TVA"),
    "tax_point": N_("exigibilité de la TVA"),
    "tax_point_code": N_("code d’exigibilité"),
    "language": N_("langue"),
    "pages_sha256": N_("pages de l’émetteur"),
    "payable": N_("à payer"),
    "gross": N_("total TTC"),
    "net": N_("total HT"),
    "vat": N_("TVA"),
    "lines": N_("total des lignes"),
    "allowances": N_("remises"),
    "charges": N_("frais"),
    "paid": N_("déjà payé"),
    "rounding": N_("arrondi"),
    "vat_in_vat_currency": N_("TVA dans sa devise"),
    "previous_balance": N_("solde précédent"),
    "payments": N_("paiements reçus"),
    "name": N_("nom"),
    "trading_name": N_("nom commercial"),
    "legal_id": N_("identifiant légal"),
    "vat_id": N_("n° de TVA"),
    "tax_id": N_("n° fiscal"),
    "legal_form": N_("forme juridique"),
    "electronic_address": N_("adresse électronique"),
    "line1": N_("rue"),
    "line2": N_("complément"),
    "line3": N_("bâtiment"),
    "city": N_("ville"),
    "postcode": N_("code postal"),
    "subdivision": N_("région"),
    "country": N_("pays"),
    "phone": N_("téléphone"),
    "email": N_("courriel"),
    "value": "",
    "scheme": N_("registre"),
    "id": N_("identifiant"),
    "description": N_("description"),
    "quantity": N_("quantité"),
    "unit": N_("unité"),
    "net_price": N_("prix net"),
    "gross_price": N_("prix brut"),
    "price_discount": N_("remise sur le prix"),
    "price_base": N_("prix pour"),
    "price_base_unit": N_("unité du prix"),
    "net_amount": N_("montant HT"),
    "vat_category": N_("catégorie de TVA"),
    "vat_rate": N_("taux de TVA"),
    "note": N_("note"),
    "order_line": N_("ligne du bon de commande"),
    "cost_account": N_("imputation"),
    "seller_item_id": N_("article de l’émetteur"),
    "buyer_item_id": N_("article de l’acheteur"),
    "standard_item_id": N_("article normalisé"),
    "origin_country": N_("pays d’origine"),
    "category": N_("catégorie"),
    "taxable": N_("base"),
    "rate": N_("taux"),
    "exemption_reason": N_("motif d’exonération"),
    "exemption_code": N_("code d’exonération"),
    "means_code": N_("moyen (code)"),
    "means_text": N_("moyen"),
    "remittance": N_("référence à rappeler"),
    "iban": N_("IBAN"),
    "bic": N_("BIC"),
    "card_number": N_("carte"),
    "card_holder": N_("titulaire de la carte"),
    "mandate": N_("mandat (RUM)"),
    "creditor_id": N_("créancier (ICS)"),
    "debited_iban": N_("IBAN débité"),
    "text": N_("texte"),
    "subject": N_("sujet"),
    "start": N_("début"),
    "end": N_("fin"),
    "amount": N_("montant"),
    "is_charge": N_("en plus"),
    "base": N_("base"),
    "percent": N_("pour cent"),
    "reason": N_("motif"),
    "reason_code": N_("code du motif"),
    "link": N_("lien"),
    "filename": N_("fichier"),
    "media_type": N_("nature"),
    "parent": N_("ligne dont c’est le détail"),
    "kind": N_("nature de la ligne"),
    "third_party": N_("encaissé pour des tiers"),
    "sha256": N_("empreinte"),
    "size": N_("taille en octets"),
    "on": N_("date"),
    "identifiers": N_("identifiants"),
}

_AMOUNTS: Final = frozenset(
    {
        "payable", "gross", "net", "vat", "lines", "allowances", "charges", "paid", "rounding", "previous_balance",
        "payments", "third_party", "net_amount", "taxable", "amount", "net_price", "gross_price", "price_discount",
    }
)  # fmt: skip
_UNITS: Final = frozenset({"unit", "price_base_unit"})
#: Of a whole group that only one bill has: its place, and codes that nobody reads.
_NOT_TOLD: Final = frozenset({"id", "vat_category"})
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
        case str() if field in _UNITS:
            return escape(unit_word(value, language()) or value)
        case FrozenStruct():
            return _spell_group(value, currency)
    text = str(value)
    return escape(text if len(text) <= _LONGEST else text[:_LONGEST] + " …")


def _spell_group(group: FrozenStruct, currency: str) -> Markup:
    """Returns a group of terms on one line: `Frais de dossier, 1, 9,90 €`. A piece has no unit."""
    told = {field.name: getattr(group, field.name) for field in msgspec.structs.fields(group)}
    said = (
        _spell(value, name, currency)
        for name, value in told.items()
        if value not in (None, "", (), False) and not isinstance(value, tuple) and name not in _NOT_TOLD
        if name not in _UNITS or unit_word(value, language())
    )
    return Markup(", ").join(each for each in said if each)
