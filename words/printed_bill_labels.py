"""The fixed labels printed on a bill, one entry per language. A language is supported when its entry is complete."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final


@dataclass(frozen=True, slots=True)
class BillLabels:
    """The labels of one language. Text in braces is a placeholder, filled in where the label is used."""

    invoice: str
    credit_note: str
    issued: str
    period: str
    billed_to: str
    delivered_to: str
    order: str
    corrects: str
    to_pay: str
    before: str
    online: str
    to_be_debited: str
    on_day: str
    by_debit: str
    nothing_due: str
    credited: str
    in_your_favour: str
    paid_already: str
    item: str
    quantity: str
    unit_price: str
    vat_rate: str
    amount: str
    carried: str
    brought: str
    allowance: str
    charge: str
    net: str
    vat: str
    vat_in: str
    gross: str
    paid: str
    rounding: str
    base: str
    exempt: str
    rate: str
    pay_this: str
    debit: str
    debit_account: str
    mandate: str
    creditor: str
    payee: str
    sum_due: str
    reference: str
    scan: str
    pay_online: str
    help: str
    conditions: str
    page: str
    copy: str
    used: str
    billed: str
    year_before: str
    less: str
    more: str
    same: str
    last_month: str
    last_bill: str
    previous_balance: str
    payments: str
    third_party: str
    instalments: str  # head of the plan of what is paid by hand
    collected_in: str  # head of the plan of what is collected
    instalment_of: str
    discount: str  # for prompt payment
    interest: str  # on late payment
    account: str  # an account to pay to that is no IBAN, of a system without a name
    bank: str  # a sort code, a routing number: what stands beside such an account and is no BIC
    check: str
    wrong_account: str
    means: str
    how_to_pay: str
    ask: str
    of_which: str
    legal_copy: str
    months: tuple[str, ...]
    long_date: str
    short_date: str
    units: dict[str, str]
    one: dict[str, str]  # how a unit is called of which there is one, where that is another word
    colon: str = ": "

    def spell_day(self, day: date) -> str:
        """Return a day in words: `3 décembre 2026`, `3 December 2026`; the first is `1er` in French."""
        return _spelled(self.long_date, self.months, day)

    def figure_day(self, day: date) -> str:
        """Return a day in figures: `03/12/2026`; `3 Dec 2026` where figures alone can be read both ways."""
        return _figured(self.short_date, self.months, day)


@lru_cache(maxsize=1024)
def _spelled(pattern: str, months: tuple[str, ...], day: date) -> str:
    number = "1er" if day.day == 1 and months[0] == "janvier" else str(day.day)
    return pattern.format(day=number, month=months[day.month - 1], year=day.year)


@lru_cache(maxsize=1024)
def _figured(pattern: str, months: tuple[str, ...], day: date) -> str:
    return pattern.format(d=day.day, m=day.month, y=day.year, month=months[day.month - 1][:3])


#: UN/ECE Recommendation 20 codes with the same sign in every language; pieces have no sign.
_UNITS: Final = {
    "C62": "", "H87": "", "EA": "", "XPP": "", "PCE": "", "NAR": "", "1I": "", "KWH": "kWh", "MWH": "MWh", "KWT": "kW",
    "K3": "kVArh", "KVA": "kVA", "MTQ": "m³", "LTR": "l", "MTR": "m", "KMT": "km", "MTK": "m²", "KGM": "kg", "GRM": "g",
    "TNE": "t", "HUR": "h", "MIN": "min", "SEC": "s", "E34": "Go", "4L": "Mo", "P1": "%",
}  # fmt: skip

FRENCH: Final = BillLabels(
    invoice="Facture", credit_note="Avoir", issued="Date",
    period="Période", billed_to="Client", delivered_to="Lieu desservi", order="Commande",
    corrects="Se rapporte à",
    to_pay="À payer", before="avant le {day}",
    online="en ligne", to_be_debited="Sera prélevé", on_day="le {day}", by_debit="vous n’avez rien à faire",
    nothing_due="rien à payer", credited="Montant de l’avoir", in_your_favour="En votre faveur",
    paid_already="Déjà payée",
    item="Désignation", quantity="Quantité", unit_price="Prix unitaire HT", vat_rate="TVA", amount="Montant HT",
    carried="À reporter", brought="Report", allowance="Remise", charge="Frais",
    net="Total HT", vat="TVA", vat_in="TVA en {currency}", gross="Total TTC", paid="Déjà payé", rounding="Arrondi",
    base="Base HT", exempt="exonéré", rate="Taux",
    pay_this="Payer cette facture", debit="Prélèvement automatique", debit_account="Compte prélevé",
    mandate="Mandat (RUM)", creditor="Créancier (ICS)", payee="Bénéficiaire", sum_due="Montant",
    reference="Référence à rappeler", scan="Scannez avec l’application de votre banque",
    pay_online="Payer en ligne", help="Une question ?", conditions="Conditions de paiement",
    page="page {number} sur {of}", copy="DUPLICATA",
    used="Consommation", billed="Vos factures", year_before="un an avant",
    less="{percent}\N{NO-BREAK SPACE}% de moins que {what}", more="{percent}\N{NO-BREAK SPACE}% de plus que {what}",
    same="Autant que {what}", last_month="le mois dernier", last_bill="la facture précédente",
    previous_balance="Solde précédent", payments="Paiements reçus",
    third_party="Encaissé pour des tiers", instalments="À payer en {count} fois",
    collected_in="Prélevé en {count} fois",
    instalment_of="versement {number} sur {count}\N{NO-BREAK SPACE}; {total} en tout",
    discount="{percent} de moins, soit {amount} à payer, jusqu’au {day}",
    interest="{percent} d’intérêts de retard après le {day}", account="Compte", check="À vérifier",
    bank="Code banque", wrong_account="chiffres faux\N{NO-BREAK SPACE}; demandez à {who}",
    means="Moyen de paiement", how_to_pay="Pour payer", ask="demandez à {who}", of_which="dont {amount}",
    legal_copy="Copie : la facture légale passe par une plateforme agréée.",
    months=("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
            "novembre", "décembre"),
    long_date="{day} {month} {year}", short_date="{d:02}/{m:02}/{y:04}",
    units=_UNITS | {"MON": "mois", "DAY": "j", "ANN": "ans", "LS": "forfait"}, one={"ANN": "an"},
    colon="\N{NO-BREAK SPACE}: ",
)  # fmt: skip

ENGLISH: Final = BillLabels(
    invoice="Invoice", credit_note="Credit note", issued="Date",
    period="Period", billed_to="Customer", delivered_to="Supplied at", order="Order",
    corrects="Relates to",
    to_pay="To pay", before="by {day}",
    online="online", to_be_debited="Will be collected", on_day="on {day}", by_debit="by direct debit",
    nothing_due="nothing to pay", credited="Credited amount", in_your_favour="In your favour",
    paid_already="Already paid",
    item="Description", quantity="Quantity", unit_price="Unit price", vat_rate="VAT", amount="Net amount",
    carried="Carried forward", brought="Brought forward", allowance="Discount", charge="Charge",
    net="Net total", vat="VAT", vat_in="VAT in {currency}", gross="Total with VAT", paid="Paid", rounding="Rounding",
    base="Net", exempt="exempt", rate="Rate",
    pay_this="Pay this bill", debit="Direct debit", debit_account="Account debited",
    mandate="Mandate", creditor="Creditor identifier", payee="Payee", sum_due="Amount",
    reference="Reference to quote", scan="Scan with your bank’s app",
    pay_online="Pay online", help="Any question?", conditions="Payment terms",
    page="page {number} of {of}", copy="COPY",
    used="Consumption", billed="Your bills", year_before="a year before",
    less="{percent}% less than {what}", more="{percent}% more than {what}",
    same="The same as {what}", last_month="last month", last_bill="the bill before",
    previous_balance="Previous balance", payments="Payments received",
    third_party="Collected for others", instalments="Payable in {count} instalments",
    collected_in="Collected in {count} instalments", instalment_of="instalment {number} of {count}; {total} in all",
    discount="{percent} less, {amount} to pay, until {day}",
    interest="{percent} interest on late payment after {day}", account="Account", check="Please check",
    bank="Bank code", wrong_account="wrong digits; ask {who}",
    means="Means of payment", how_to_pay="To pay", ask="ask {who}", of_which="of which {amount}",
    legal_copy="Copy: the legal invoice goes through an approved platform.",
    months=("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December"),
    long_date="{day} {month} {year}", short_date="{d} {month} {y:04}",
    units=_UNITS | {"MON": "months", "DAY": "days", "ANN": "years", "LS": "lump sum", "E34": "GB", "4L": "MB"},
    one={"MON": "month", "DAY": "day", "ANN": "year"},
)  # fmt: skip

GERMAN: Final = BillLabels(
    invoice="Rechnung", credit_note="Gutschrift", issued="Datum",
    period="Zeitraum", billed_to="Kunde", delivered_to="Lieferstelle", order="Bestellung",
    corrects="Bezieht sich auf",
    to_pay="Zu zahlen", before="bis {day}",
    online="online", to_be_debited="Wird eingezogen", on_day="am {day}", by_debit="per Lastschrift",
    nothing_due="nichts zu zahlen", credited="Gutgeschriebener Betrag", in_your_favour="Zu Ihren Gunsten",
    paid_already="Bereits bezahlt",
    item="Bezeichnung", quantity="Menge", unit_price="Einzelpreis", vat_rate="USt", amount="Betrag netto",
    carried="Übertrag", brought="Übertrag", allowance="Nachlass", charge="Zuschlag",
    net="Summe netto", vat="Umsatzsteuer", vat_in="Umsatzsteuer in {currency}", gross="Summe brutto", paid="Bezahlt",
    rounding="Rundung", base="Netto", exempt="steuerfrei", rate="Satz",
    pay_this="Diese Rechnung zahlen", debit="Lastschrift", debit_account="Belastetes Konto",
    mandate="Mandatsreferenz", creditor="Gläubiger-ID", payee="Empfänger", sum_due="Betrag",
    reference="Verwendungszweck", scan="Mit der App Ihrer Bank scannen",
    pay_online="Online zahlen", help="Fragen?", conditions="Zahlungsbedingungen",
    page="Seite {number} von {of}", copy="KOPIE",
    used="Verbrauch", billed="Ihre Rechnungen", year_before="ein Jahr zuvor",
    less="{percent}\N{NO-BREAK SPACE}% weniger als {what}", more="{percent}\N{NO-BREAK SPACE}% mehr als {what}",
    same="So viel wie {what}", last_month="im Vormonat", last_bill="auf der letzten Rechnung",
    previous_balance="Vorheriger Saldo", payments="Erhaltene Zahlungen",
    third_party="Für Dritte eingezogen", instalments="Zu zahlen in {count} Raten",
    collected_in="Eingezogen in {count} Raten", instalment_of="Rate {number} von {count}; {total} insgesamt",
    discount="{percent} Skonto, {amount} zu zahlen, bis {day}",
    interest="{percent} Verzugszinsen nach dem {day}", account="Konto", check="Bitte prüfen",
    bank="Bankleitzahl", wrong_account="falsche Ziffern; fragen Sie {who}",
    means="Zahlungsart", how_to_pay="Zum Zahlen", ask="fragen Sie {who}", of_which="davon {amount}",
    legal_copy="Kopie: Die rechtsgültige Rechnung kommt über eine zugelassene Plattform.",
    months=("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
            "November", "Dezember"),
    long_date="{day}. {month} {year}", short_date="{d:02}.{m:02}.{y:04}",
    units=_UNITS | {"MON": "Mon.", "DAY": "Tage", "ANN": "Jahre", "LS": "pauschal", "E34": "GB", "4L": "MB"},
    one={"DAY": "Tag", "ANN": "Jahr"},
)  # fmt: skip

DUTCH: Final = BillLabels(
    invoice="Factuur", credit_note="Creditnota", issued="Datum",
    period="Periode", billed_to="Klant", delivered_to="Leveringsadres", order="Bestelling",
    corrects="Heeft betrekking op",
    to_pay="Te betalen", before="vóór {day}",
    online="online", to_be_debited="Wordt geïncasseerd", on_day="op {day}", by_debit="per automatische incasso",
    nothing_due="niets te betalen", credited="Gecrediteerd bedrag", in_your_favour="In uw voordeel",
    paid_already="Reeds betaald",
    item="Omschrijving", quantity="Aantal", unit_price="Prijs excl. btw", vat_rate="Btw", amount="Bedrag excl.",
    carried="Transport", brought="Transport", allowance="Korting", charge="Toeslag",
    net="Totaal excl. btw", vat="Btw", vat_in="Btw in {currency}", gross="Totaal incl. btw", paid="Betaald",
    rounding="Afronding", base="Excl. btw", exempt="vrijgesteld", rate="Tarief",
    pay_this="Deze factuur betalen", debit="Automatische incasso", debit_account="Gedebiteerde rekening",
    mandate="Mandaat", creditor="Incassant-ID", payee="Begunstigde", sum_due="Bedrag",
    reference="Te vermelden kenmerk", scan="Scan met de app van uw bank",
    pay_online="Online betalen", help="Een vraag?", conditions="Betalingsvoorwaarden",
    page="pagina {number} van {of}", copy="KOPIE",
    used="Verbruik", billed="Uw facturen", year_before="een jaar eerder",
    less="{percent}% minder dan {what}", more="{percent}% meer dan {what}",
    same="Evenveel als {what}", last_month="vorige maand", last_bill="de vorige factuur",
    previous_balance="Vorig saldo", payments="Ontvangen betalingen",
    third_party="Voor derden geïnd", instalments="Te betalen in {count} termijnen",
    collected_in="Geïnd in {count} termijnen", instalment_of="termijn {number} van {count}; {total} in totaal",
    discount="{percent} korting, {amount} te betalen, tot en met {day}",
    interest="{percent} rente bij te late betaling na {day}", account="Rekening", check="Te controleren",
    bank="Bankcode", wrong_account="foute cijfers; vraag het {who}",
    means="Betaalwijze", how_to_pay="Om te betalen", ask="vraag het {who}", of_which="waarvan {amount}",
    legal_copy="Kopie: de wettelijke factuur loopt via een erkend platform.",
    months=("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
            "november", "december"),
    long_date="{day} {month} {year}", short_date="{d:02}-{m:02}-{y:04}",
    units=_UNITS | {"MON": "mnd", "DAY": "dagen", "ANN": "jaar", "LS": "vast", "E34": "GB", "4L": "MB"},
    one={"DAY": "dag"},
)  # fmt: skip

SPANISH: Final = BillLabels(
    invoice="Factura", credit_note="Factura rectificativa", issued="Fecha",
    period="Periodo", billed_to="Cliente", delivered_to="Lugar de suministro", order="Pedido",
    corrects="Se refiere a",
    to_pay="A pagar", before="antes del {day}",
    online="en línea", to_be_debited="Se cobrará", on_day="el {day}", by_debit="por domiciliación",
    nothing_due="nada que pagar", credited="Importe abonado", in_your_favour="A su favor",
    paid_already="Ya pagada",
    item="Concepto", quantity="Cantidad", unit_price="Precio sin IVA", vat_rate="IVA", amount="Importe",
    carried="Suma y sigue", brought="Suma anterior", allowance="Descuento", charge="Cargo",
    net="Total sin IVA", vat="IVA", vat_in="IVA en {currency}", gross="Total con IVA", paid="Pagado",
    rounding="Redondeo", base="Base", exempt="exento", rate="Tipo",
    pay_this="Pagar esta factura", debit="Domiciliación bancaria", debit_account="Cuenta de cargo",
    mandate="Mandato", creditor="Identificador del acreedor", payee="Beneficiario", sum_due="Importe",
    reference="Referencia", scan="Escanee con la aplicación de su banco",
    pay_online="Pagar en línea", help="¿Alguna pregunta?", conditions="Condiciones de pago",
    page="página {number} de {of}", copy="DUPLICADO",
    used="Consumo", billed="Sus facturas", year_before="un año antes",
    less="{percent}\N{NO-BREAK SPACE}% menos que {what}", more="{percent}\N{NO-BREAK SPACE}% más que {what}",
    same="Igual que {what}", last_month="el mes pasado", last_bill="la factura anterior",
    previous_balance="Saldo anterior", payments="Pagos recibidos",
    third_party="Cobrado para terceros", instalments="A pagar en {count} plazos",
    collected_in="Cobrado en {count} plazos", instalment_of="plazo {number} de {count}; {total} en total",
    discount="{percent} de descuento, {amount} a pagar, hasta el {day}",
    interest="{percent} de intereses de demora después del {day}", account="Cuenta", check="Compruebe",
    bank="Código de banco", wrong_account="cifras erróneas; pregunte a {who}",
    means="Forma de pago", how_to_pay="Para pagar", ask="pregunte a {who}", of_which="de los cuales {amount}",
    legal_copy="Copia: la factura legal pasa por una plataforma autorizada.",
    months=("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
            "noviembre", "diciembre"),
    long_date="{day} de {month} de {year}", short_date="{d:02}/{m:02}/{y:04}",
    units=_UNITS | {"MON": "meses", "DAY": "días", "ANN": "años", "LS": "a tanto alzado", "E34": "GB", "4L": "MB"},
    one={"MON": "mes", "DAY": "día", "ANN": "año"},
)  # fmt: skip

LANGUAGES: Final = {"fr": FRENCH, "en": ENGLISH, "de": GERMAN, "nl": DUTCH, "es": SPANISH}
