"""The labels of a bill's less common terms (parties, references, articles), one entry per language: what names a number
on a page. A language is supported when its entry is complete."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class TermLabels:
    """The labels of one language. The comments name the term of EN 16931."""

    seller: str  # BG-4
    buyer: str  # BG-7
    payee: str  # BG-10
    tax_representative: str  # BG-11
    delivery: str  # BG-13
    trading_name: str  # BT-28, BT-45
    identifier: str  # BT-29, BT-46
    legal_id: str  # BT-30, BT-47
    vat_id: str  # BT-31, BT-48
    tax_id: str  # BT-32
    contact: str  # BG-6, BG-9
    electronic_address: str  # BT-34, BT-49
    delivered_on: str  # BT-72
    tax_point: str  # BT-7
    references: str
    project: str  # BT-11
    sales_order: str  # BT-14
    receiving: str  # BT-15
    despatch: str  # BT-16
    tender: str  # BT-17
    object: str  # BT-18, BT-128
    accounting: str  # BT-19, BT-133
    preceding: str  # BG-3
    attachments: str  # BG-24
    card: str  # BT-87
    other_account: str  # BG-17, of several
    lines_total: str  # BT-106
    allowances_total: str  # BT-107
    charges_total: str  # BT-108
    order_line: str  # BT-132
    seller_item: str  # BT-155
    buyer_item: str  # BT-156
    standard_item: str  # BT-157
    classification: str  # BT-158
    origin: str  # BT-159
    gross_price: str  # BT-148
    percent_of: str  # BT-93, BT-94: an allowance of so much
    in_full: str  # head of texts that are too long for their place
    on_page: str  # on page one: where the slip is


FRENCH: Final = TermLabels(
    seller="Émetteur", buyer="Client", payee="À payer à", tax_representative="Représentant fiscal",
    delivery="Livraison", trading_name="Nom commercial", identifier="Identifiant", legal_id="N° d’immatriculation",
    vat_id="N° de TVA", tax_id="N° fiscal", contact="Contact", electronic_address="Adresse électronique",
    delivered_on="Livré le", tax_point="TVA exigible le", references="Références", project="Projet",
    sales_order="Commande chez l’émetteur", receiving="Avis de réception", despatch="Bon de livraison",
    tender="Marché ou lot", object="Objet facturé", accounting="Imputation", preceding="Se rapporte à",
    attachments="Pièces jointes", card="Carte", other_account="Autre compte", lines_total="Total des lignes",
    allowances_total="Total des remises",
    charges_total="Total des frais", order_line="Ligne de commande", seller_item="Article",
    buyer_item="Votre article", standard_item="Code article", classification="Classement", origin="Origine",
    gross_price="Prix avant remise", percent_of="{percent} de {base}", in_full="En entier",
    on_page="page {number}",
)  # fmt: skip

ENGLISH: Final = TermLabels(
    seller="Issuer", buyer="Customer", payee="Payable to", tax_representative="Tax representative",
    delivery="Delivery", trading_name="Trading name", identifier="Identifier", legal_id="Registration number",
    vat_id="VAT number", tax_id="Tax number", contact="Contact", electronic_address="Electronic address",
    delivered_on="Delivered on", tax_point="VAT due on", references="References", project="Project",
    sales_order="Sales order", receiving="Receiving advice", despatch="Delivery note", tender="Tender or lot",
    object="Invoiced object", accounting="Cost account", preceding="Relates to", attachments="Attachments",
    card="Card", other_account="Other account",
    lines_total="Sum of lines", allowances_total="Sum of discounts", charges_total="Sum of charges",
    order_line="Order line", seller_item="Article", buyer_item="Your article", standard_item="Article code",
    classification="Classification", origin="Origin", gross_price="Price before discount",
    percent_of="{percent} of {base}", in_full="In full",

    on_page="page {number}",
)  # fmt: skip

GERMAN: Final = TermLabels(
    seller="Rechnungssteller", buyer="Kunde", payee="Zahlbar an", tax_representative="Steuervertreter",
    delivery="Lieferung", trading_name="Handelsname", identifier="Kennung", legal_id="Registernummer",
    vat_id="USt-IdNr.", tax_id="Steuernummer", contact="Kontakt", electronic_address="Elektronische Adresse",
    delivered_on="Leistungsdatum", tax_point="Steuer fällig am", references="Bezüge", project="Projekt",
    sales_order="Auftrag", receiving="Wareneingang", despatch="Lieferschein", tender="Vergabe oder Los",
    object="Abgerechnetes Objekt", accounting="Kostenstelle", preceding="Bezieht sich auf", attachments="Anlagen",
    card="Karte", other_account="Weiteres Konto", lines_total="Summe der Positionen",
    allowances_total="Summe der Nachlässe",
    charges_total="Summe der Zuschläge", order_line="Bestellposition", seller_item="Artikel",
    buyer_item="Ihr Artikel", standard_item="Artikelcode", classification="Klassifikation", origin="Herkunft",
    gross_price="Preis vor Nachlass", percent_of="{percent} von {base}", in_full="Ungekürzt",
    on_page="Seite {number}",
)  # fmt: skip

DUTCH: Final = TermLabels(
    seller="Afzender", buyer="Klant", payee="Te betalen aan", tax_representative="Fiscaal vertegenwoordiger",
    delivery="Levering", trading_name="Handelsnaam", identifier="Kenmerk", legal_id="Registratienummer",
    vat_id="Btw-nummer", tax_id="Belastingnummer", contact="Contact", electronic_address="Elektronisch adres",
    delivered_on="Geleverd op", tax_point="Btw verschuldigd op", references="Referenties", project="Project",
    sales_order="Verkooporder", receiving="Ontvangstbericht", despatch="Pakbon", tender="Aanbesteding of perceel",
    object="Gefactureerd object", accounting="Kostenplaats", preceding="Heeft betrekking op", attachments="Bijlagen",
    card="Kaart", other_account="Andere rekening", lines_total="Som van de regels",
    allowances_total="Som van de kortingen",
    charges_total="Som van de toeslagen", order_line="Bestelregel", seller_item="Artikel", buyer_item="Uw artikel",
    standard_item="Artikelcode", classification="Classificatie", origin="Herkomst",
    gross_price="Prijs vóór korting", percent_of="{percent} van {base}", in_full="Voluit",
    on_page="pagina {number}",
)  # fmt: skip

SPANISH: Final = TermLabels(
    seller="Emisor", buyer="Cliente", payee="A pagar a", tax_representative="Representante fiscal",
    delivery="Entrega", trading_name="Nombre comercial", identifier="Identificador", legal_id="N.º de registro",
    vat_id="NIF-IVA", tax_id="N.º fiscal", contact="Contacto", electronic_address="Dirección electrónica",
    delivered_on="Entregado el", tax_point="IVA devengado el", references="Referencias", project="Proyecto",
    sales_order="Pedido del vendedor", receiving="Aviso de recepción", despatch="Albarán", tender="Licitación o lote",
    object="Objeto facturado", accounting="Cuenta contable", preceding="Se refiere a", attachments="Anexos",
    card="Tarjeta", other_account="Otra cuenta", lines_total="Suma de las líneas",
    allowances_total="Suma de los descuentos",
    charges_total="Suma de los cargos", order_line="Línea de pedido", seller_item="Artículo",
    buyer_item="Su artículo", standard_item="Código del artículo", classification="Clasificación", origin="Origen",
    gross_price="Precio antes del descuento", percent_of="{percent} de {base}", in_full="Íntegro",
    on_page="página {number}",
)  # fmt: skip

LANGUAGES: Final = {"fr": FRENCH, "en": ENGLISH, "de": GERMAN, "nl": DUTCH, "es": SPANISH}
