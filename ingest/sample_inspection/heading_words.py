"""Which term a heading names, by its words in French, English and German. A line is a term; each phrase is a set of
words, all of which a heading must have."""

import re
from functools import lru_cache
from typing import Final
from unicodedata import combining, normalize

_PHRASES: Final[dict[str, str]] = {
    "number": "numero facture|no facture|n facture|num facture|numfac|nofac|ref facture|facture|invoice number"
    "|invoice no|invoice id|invoice|bill number|rechnungsnummer|rechnung nr|numero piece|numero document|numero|number",
    "issue_date": "date facture|date emission|date facturation|datefac|invoice date|issue date|bill date|rechnungsdatum"
    "|date piece|date",
    "due_date": "date echeance|echeance|due date|date limite|date paiement|payable avant|faelligkeit|date prelevement",
    "payable": "net a payer|a payer|montant a payer|reste a payer|solde a payer|amount due|payable|total a payer"
    "|zahlbetrag|montant du|total due",
    "gross": "total ttc|montant ttc|ttc|gross|total incl|brutto",
    "net": "total ht facture|total ht|net total|total net|netto",
    "vat": "total tva|montant tva|vat amount|vat total|mt tva",
    "currency": "devise|currency|monnaie|waehrung|ccy",
    "type_code": "type facture|type document|type piece|nature|type code",
    "contract": "numero contrat|no contrat|contrat|contract|contract number|vertrag|reference contrat|abonnement",
    "previous_balance": "solde anterieur|ancien solde|previous balance|report",
    "payments": "paiements recus|reglements|payments received|deja regle",
    "paid": "deja paye|acompte|paid|prepaid",
    "note": "commentaire|message|note|observation|bemerkung",
    "buyer.id": "numero client|no client|n client|code client|client|customer|customer number|customer id|ref client"
    "|compte client|kundennummer|identifiant client|num client|account number|compte",
    "buyer.name": "nom client|nom|name|customer name|raison sociale|destinataire|titulaire|nom prenom|client nom"
    "|payeur|kunde",
    "buyer.line1": "adresse|adresse 1|adresse1|adr1|rue|voie|address|address 1|address1|street|strasse|ligne 1|line1",
    "buyer.line2": "adresse 2|adresse2|adr2|complement|complement adresse|address 2|address2|batiment|line2",
    "buyer.postcode": "cp|code postal|codepostal|postcode|zip|zip code|postal code|plz",
    "buyer.city": "ville|commune|city|town|ort|localite|bureau distributeur",
    "buyer.country": "pays|country|land|code pays",
    "buyer.email": "email|e mail|mail|courriel|adresse mail|adresse email|electronic mail",
    "buyer.phone": "telephone|tel|phone|mobile|portable|gsm",
    "seller.name": "emetteur|fournisseur|seller|supplier|vendeur",
    "seller.legal_id": "siren emetteur|siren|siret|siren vendeur",
    "payment.iban": "iban|compte bancaire",
    "payment.bic": "bic|swift",
    "payment.mandate": "rum|mandat|mandate",
    "payment.remittance": "reference paiement|reference virement|remittance|payment reference",
    "period.start": "debut periode|periode debut|period start|date debut|du",
    "period.end": "fin periode|periode fin|period end|date fin|au",
    "line.name": "libelle|libelle ligne|designation|description|article|produit|item|prestation|bezeichnung|lib|label",
    "line.quantity": "quantite|qte|qty|quantity|menge|conso|consommation",
    "line.unit": "unite|unit|einheit|um",
    "line.net_price": "prix unitaire|pu|pu ht|unit price|preis|tarif",
    "line.net_amount": "montant ht|ht|montant ligne|ligne ht|net amount|line amount|montant|mt ht|amount",
    "line.vat_rate": "taux tva|tva|vat rate|taux|vat|mwst",
    "line.meter": "compteur|pdl|prm|pce|point de livraison|meter",
    "line.group": "rubrique|groupe|section|famille",
    "vat.rate": "taux tva|taux|rate|tva|vat rate",
    "vat.taxable": "base ht|base|taxable|assiette|base tva",
    "vat.amount": "montant tva|montant|amount|tva|vat",
    "instalment.amount": "montant|amount",
    "instalment.due": "echeance|date|due|due date",
    "preceding.number": "facture|numero|number|facture origine",
}
#: Words that say nothing of what is meant.
_IDLE: Final = frozenset({"de", "du", "la", "le", "des", "d", "l", "of", "the", "en", "eur", "euros"})


def _words(text: str) -> frozenset[str]:
    """The words of a heading: `DateFacture`, `DATE_FACTURE` and `Date de facture` have the same."""
    plain = "".join(each for each in normalize("NFKD", text) if not combining(each)).replace("°", " ")
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", plain)
    words = frozenset(re.findall(r"[a-z]+|[0-9]+", parted.casefold()))
    return words - _IDLE or words


_KNOWN: Final = {
    term: tuple(_words(phrase) for phrase in phrases.split("|")) for term, phrases in _PHRASES.items()
}  # fmt: skip


@lru_cache(maxsize=1024)
def terms_named(heading: str) -> dict[str, float]:
    """The terms that a heading may name, each with how much of the heading its best phrase explains: 1 is all."""
    words = _words(heading.rpartition(".")[2].lstrip("@") if "." in heading else heading)
    if not words:
        return {}
    scores = {
        term: max((len(phrase) / len(words) for phrase in phrases if phrase <= words), default=0.0)
        for term, phrases in _KNOWN.items()
    }
    return {term: score for term, score in scores.items() if score}
