"""The fixed labels printed on a bill, one entry per language. A language is supported when its entry is complete."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final


@dataclass(frozen=True, slots=True)
class BillLabels:
    """The labels of one language. Text in braces is a placeholder, filled in where the label is used."""

    issued: str
    period: str
    begun: str  # a period without an end
    ended: str  # a period without a beginning
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
    paid: str  # in advance by the customer (BT-113)
    refunded: str  # to the customer, already
    balance_due: str  # owed from earlier bills
    balance_in_favour: str  # the customer's from earlier bills
    payments: str  # since the bill before
    payments_returned: str
    rounding: str
    base: str
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
    third_party: str
    instalments: str  # head of the plan of what is paid by hand
    collected_in: str  # head of the plan of what is collected
    instalment_of: str
    discount: str  # for prompt payment
    interest: str  # on late payment
    rest_due: str  # what that interest is on
    refunded_already: str  # what happens with a credit
    refund_to: str
    refund_to_debited: str
    refund_by: str
    deducted_from: str
    deducted_from_many: str
    deducted_from_related: str  # whose numbers have no room
    offset: str
    refund_open: str
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


FRENCH: Final = BillLabels(
    issued="Date",
    begun="à partir du {day}", ended="jusqu’au {day}",
    period="Période", billed_to="Client", delivered_to="Lieu desservi", order="Commande",
    corrects="Se rapporte à",
    to_pay="À payer", before="avant le {day}",
    online="en ligne", to_be_debited="Sera prélevé", on_day="le {day}", by_debit="vous n’avez rien à faire",
    nothing_due="rien à payer", credited="Montant de l’avoir", in_your_favour="En votre faveur",
    paid_already="Déjà payée",
    item="Désignation", quantity="Quantité", unit_price="Prix unitaire HT", vat_rate="TVA", amount="Montant HT",
    carried="À reporter", brought="Report", allowance="Remise", charge="Frais",
    net="Total HT", vat="TVA", gross="Total TTC", paid="Déjà payé", rounding="Arrondi",
    base="Base HT", rate="Taux",
    pay_this="Payer cette facture", debit="Prélèvement automatique", debit_account="Compte prélevé",
    mandate="Mandat (RUM)", creditor="Créancier (ICS)", payee="Bénéficiaire", sum_due="Montant",
    reference="Référence à rappeler", scan="Scannez avec l’application de votre banque",
    pay_online="Payer en ligne", help="Une question ?", conditions="Conditions de paiement",
    page="page {number} sur {of}", copy="DUPLICATA",
    used="Consommation", billed="Vos factures", year_before="un an avant",
    less="{percent}\N{NO-BREAK SPACE}% de moins que {what}", more="{percent}\N{NO-BREAK SPACE}% de plus que {what}",
    same="Autant que {what}", last_month="le mois dernier", last_bill="la facture précédente",
    third_party="Encaissé pour des tiers", instalments="À payer en {count} fois",
    collected_in="Prélevé en {count} fois",
    instalment_of="versement {number} sur {count}\N{NO-BREAK SPACE}; {total} en tout",
    account="Compte", check="À vérifier",
    bank="Code banque", wrong_account="chiffres faux\N{NO-BREAK SPACE}; demandez à {who}",
    means="Moyen de paiement", how_to_pay="Pour payer", ask="demandez à {who}", of_which="dont {amount}",
    legal_copy="Copie : la facture légale passe par une plateforme agréée.",
    months=("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
            "novembre", "décembre"),
    long_date="{day} {month} {year}", short_date="{d:02}/{m:02}/{y:04}",
    colon="\N{NO-BREAK SPACE}: ",
    refunded="Déjà remboursé",
    balance_due="Solde antérieur dû",
    balance_in_favour="Solde antérieur en votre faveur",
    payments="Paiements reçus",
    payments_returned="Paiements annulés",
    discount="{percent} d’escompte sur {base}, soit {less} de moins\N{NO-BREAK SPACE}: {amount} à payer jusqu’au {day}",
    interest="{percent} d’intérêts de retard sur {base} après le {day}",
    rest_due="ce qui reste dû",
    refunded_already="déjà remboursé",
    refund_to="remboursé sur le compte {account}",
    refund_to_debited="remboursé sur le compte de vos prélèvements",
    refund_by="remboursé {means}",
    deducted_from="déduit de la facture {number}, ou remboursé si elle est payée",
    deducted_from_many="déduit des factures {numbers}, ou remboursé si elles sont payées",
    deducted_from_related="déduit des factures auxquelles il se rapporte, ou remboursé",
    offset="compensé avec ce que vous devez à l’émetteur",
    refund_open="remboursé, ou déduit de votre prochaine facture",
    vat_in="Pour information, TVA en {currency}",
)  # fmt: skip

ENGLISH: Final = BillLabels(
    issued="Date",
    begun="from {day}", ended="until {day}",
    period="Period", billed_to="Customer", delivered_to="Supplied at", order="Order",
    corrects="Relates to",
    to_pay="To pay", before="by {day}",
    online="online", to_be_debited="Will be collected", on_day="on {day}", by_debit="by direct debit",
    nothing_due="nothing to pay", credited="Credited amount", in_your_favour="In your favour",
    paid_already="Already paid",
    item="Description", quantity="Quantity", unit_price="Unit price", vat_rate="VAT", amount="Net amount",
    carried="Carried forward", brought="Brought forward", allowance="Discount", charge="Charge",
    net="Net total", vat="VAT", gross="Total with VAT", paid="Paid", rounding="Rounding",
    base="Net", rate="Rate",
    pay_this="Pay this bill", debit="Direct debit", debit_account="Account debited",
    mandate="Mandate", creditor="Creditor identifier", payee="Payee", sum_due="Amount",
    reference="Reference to quote", scan="Scan with your bank’s app",
    pay_online="Pay online", help="Any question?", conditions="Payment terms",
    page="page {number} of {of}", copy="COPY",
    used="Consumption", billed="Your bills", year_before="a year before",
    less="{percent}% less than {what}", more="{percent}% more than {what}",
    same="The same as {what}", last_month="last month", last_bill="the bill before",
    third_party="Collected for others", instalments="Payable in {count} instalments",
    collected_in="Collected in {count} instalments", instalment_of="instalment {number} of {count}; {total} in all",
    account="Account", check="Please check",
    bank="Bank code", wrong_account="wrong digits; ask {who}",
    means="Means of payment", how_to_pay="How to pay", ask="ask {who}", of_which="of which {amount}",
    legal_copy="Copy: the legal invoice goes through an approved platform.",
    months=("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
            "November", "December"),
    long_date="{day} {month} {year}", short_date="{d} {month} {y:04}",
    refunded="Already refunded",
    balance_due="Balance due from before",
    balance_in_favour="Balance in your favour from before",
    payments="Payments received",
    payments_returned="Payments returned",
    discount="{percent} discount on {base}, {less} less: {amount} to pay until {day}",
    interest="{percent} interest on late payment of {base} after {day}",
    rest_due="what is still due",
    refunded_already="already refunded",
    refund_to="refunded to the account {account}",
    refund_to_debited="refunded to the account that is debited",
    refund_by="refunded {means}",
    deducted_from="deducted from invoice {number}, or refunded if that is paid",
    deducted_from_many="deducted from invoices {numbers}, or refunded if those are paid",
    deducted_from_related="deducted from the invoices it relates to, or refunded",
    offset="set off against what you owe the issuer",
    refund_open="refunded, or deducted from your next bill",
    vat_in="For information, VAT in {currency}",
)  # fmt: skip

GERMAN: Final = BillLabels(
    issued="Datum",
    begun="ab {day}", ended="bis {day}",
    period="Zeitraum", billed_to="Kunde", delivered_to="Lieferstelle", order="Bestellung",
    corrects="Bezieht sich auf",
    to_pay="Zu zahlen", before="bis {day}",
    online="online", to_be_debited="Wird eingezogen", on_day="am {day}", by_debit="per Lastschrift",
    nothing_due="nichts zu zahlen", credited="Gutgeschriebener Betrag", in_your_favour="Zu Ihren Gunsten",
    paid_already="Bereits bezahlt",
    item="Bezeichnung", quantity="Menge", unit_price="Einzelpreis", vat_rate="USt", amount="Betrag netto",
    carried="Übertrag", brought="Übertrag", allowance="Nachlass", charge="Zuschlag",
    net="Summe netto", vat="Umsatzsteuer", gross="Summe brutto", paid="Bezahlt",
    rounding="Rundung", base="Netto", rate="Satz",
    pay_this="Diese Rechnung zahlen", debit="Lastschrift", debit_account="Belastetes Konto",
    mandate="Mandatsreferenz", creditor="Gläubiger-ID", payee="Empfänger", sum_due="Betrag",
    reference="Verwendungszweck", scan="Mit der App Ihrer Bank scannen",
    pay_online="Online zahlen", help="Fragen?", conditions="Zahlungsbedingungen",
    page="Seite {number} von {of}", copy="KOPIE",
    used="Verbrauch", billed="Ihre Rechnungen", year_before="ein Jahr zuvor",
    less="{percent}\N{NO-BREAK SPACE}% weniger als {what}", more="{percent}\N{NO-BREAK SPACE}% mehr als {what}",
    same="So viel wie {what}", last_month="im Vormonat", last_bill="auf der letzten Rechnung",
    third_party="Für Dritte eingezogen", instalments="Zu zahlen in {count} Raten",
    collected_in="Eingezogen in {count} Raten", instalment_of="Rate {number} von {count}; {total} insgesamt",
    account="Konto", check="Bitte prüfen",
    bank="Bankleitzahl", wrong_account="falsche Ziffern; fragen Sie {who}",
    means="Zahlungsart", how_to_pay="So zahlen Sie", ask="fragen Sie {who}", of_which="davon {amount}",
    legal_copy="Kopie: Die rechtsgültige Rechnung kommt über eine zugelassene Plattform.",
    months=("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
            "November", "Dezember"),
    long_date="{day}. {month} {year}", short_date="{d:02}.{m:02}.{y:04}",
    refunded="Bereits erstattet",
    balance_due="Offener Saldo aus Vorperioden",
    balance_in_favour="Guthaben aus Vorperioden",
    payments="Erhaltene Zahlungen",
    payments_returned="Zurückgebuchte Zahlungen",
    discount="{percent} Skonto auf {base}, also {less} weniger: {amount} zu zahlen bis {day}",
    interest="{percent} Verzugszinsen auf {base} nach dem {day}",
    rest_due="den offenen Betrag",
    refunded_already="bereits erstattet",
    refund_to="Erstattung auf das Konto {account}",
    refund_to_debited="Erstattung auf das Konto Ihrer Lastschriften",
    refund_by="Erstattung {means}",
    deducted_from="wird von Rechnung {number} abgezogen oder erstattet, falls sie bezahlt ist",
    deducted_from_many="wird von den Rechnungen {numbers} abgezogen oder erstattet, falls sie bezahlt sind",
    deducted_from_related="wird von den genannten Rechnungen abgezogen oder erstattet",
    offset="wird mit Ihren offenen Beträgen verrechnet",
    refund_open="wird erstattet oder mit der nächsten Rechnung verrechnet",
    vat_in="Zur Information: Umsatzsteuer in {currency}",
)  # fmt: skip

DUTCH: Final = BillLabels(
    issued="Datum",
    begun="vanaf {day}", ended="tot en met {day}",
    period="Periode", billed_to="Klant", delivered_to="Leveringsadres", order="Bestelling",
    corrects="Heeft betrekking op",
    to_pay="Te betalen", before="vóór {day}",
    online="online", to_be_debited="Wordt geïncasseerd", on_day="op {day}", by_debit="per automatische incasso",
    nothing_due="niets te betalen", credited="Gecrediteerd bedrag", in_your_favour="In uw voordeel",
    paid_already="Reeds betaald",
    item="Omschrijving", quantity="Aantal", unit_price="Prijs excl. btw", vat_rate="Btw", amount="Bedrag excl.",
    carried="Transport", brought="Transport", allowance="Korting", charge="Toeslag",
    net="Totaal excl. btw", vat="Btw", gross="Totaal incl. btw", paid="Betaald",
    rounding="Afronding", base="Excl. btw", rate="Tarief",
    pay_this="Deze factuur betalen", debit="Automatische incasso", debit_account="Gedebiteerde rekening",
    mandate="Mandaat", creditor="Incassant-ID", payee="Begunstigde", sum_due="Bedrag",
    reference="Te vermelden kenmerk", scan="Scan met de app van uw bank",
    pay_online="Online betalen", help="Een vraag?", conditions="Betalingsvoorwaarden",
    page="pagina {number} van {of}", copy="KOPIE",
    used="Verbruik", billed="Uw facturen", year_before="een jaar eerder",
    less="{percent}% minder dan {what}", more="{percent}% meer dan {what}",
    same="Evenveel als {what}", last_month="vorige maand", last_bill="de vorige factuur",
    third_party="Voor derden geïnd", instalments="Te betalen in {count} termijnen",
    collected_in="Geïnd in {count} termijnen", instalment_of="termijn {number} van {count}; {total} in totaal",
    account="Rekening", check="Te controleren",
    bank="Bankcode", wrong_account="foute cijfers; vraag het {who}",
    means="Betaalwijze", how_to_pay="Zo betaalt u", ask="vraag het {who}", of_which="waarvan {amount}",
    legal_copy="Kopie: de wettelijke factuur loopt via een erkend platform.",
    months=("januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober",
            "november", "december"),
    long_date="{day} {month} {year}", short_date="{d:02}-{m:02}-{y:04}",
    refunded="Reeds terugbetaald",
    balance_due="Openstaand vorig saldo",
    balance_in_favour="Vorig saldo in uw voordeel",
    payments="Ontvangen betalingen",
    payments_returned="Teruggeboekte betalingen",
    discount="{percent} korting op {base}, dus {less} minder: {amount} te betalen tot en met {day}",
    interest="{percent} rente bij te late betaling over {base} na {day}",
    rest_due="het openstaande bedrag",
    refunded_already="reeds terugbetaald",
    refund_to="terugbetaald op rekening {account}",
    refund_to_debited="terugbetaald op de rekening van uw incasso’s",
    refund_by="terugbetaald {means}",
    deducted_from="in mindering op factuur {number}, of terugbetaald als die betaald is",
    deducted_from_many="in mindering op facturen {numbers}, of terugbetaald als die betaald zijn",
    deducted_from_related="in mindering op de genoemde facturen, of terugbetaald",
    offset="verrekend met wat u nog verschuldigd bent",
    refund_open="terugbetaald, of in mindering op uw volgende factuur",
    vat_in="Ter informatie: btw in {currency}",
)  # fmt: skip

SPANISH: Final = BillLabels(
    issued="Fecha",
    begun="desde el {day}", ended="hasta el {day}",
    period="Periodo", billed_to="Cliente", delivered_to="Lugar de suministro", order="Pedido",
    corrects="Se refiere a",
    to_pay="A pagar", before="antes del {day}",
    online="en línea", to_be_debited="Se cobrará", on_day="el {day}", by_debit="por domiciliación",
    nothing_due="nada que pagar", credited="Importe abonado", in_your_favour="A su favor",
    paid_already="Ya pagada",
    item="Concepto", quantity="Cantidad", unit_price="Precio sin IVA", vat_rate="IVA", amount="Importe",
    carried="Suma y sigue", brought="Suma anterior", allowance="Descuento", charge="Cargo",
    net="Total sin IVA", vat="IVA", gross="Total con IVA", paid="Pagado",
    rounding="Redondeo", base="Base", rate="Tipo",
    pay_this="Pagar esta factura", debit="Domiciliación bancaria", debit_account="Cuenta de cargo",
    mandate="Mandato", creditor="Identificador del acreedor", payee="Beneficiario", sum_due="Importe",
    reference="Referencia", scan="Escanee con la aplicación de su banco",
    pay_online="Pagar en línea", help="¿Alguna pregunta?", conditions="Condiciones de pago",
    page="página {number} de {of}", copy="DUPLICADO",
    used="Consumo", billed="Sus facturas", year_before="un año antes",
    less="{percent}\N{NO-BREAK SPACE}% menos que {what}", more="{percent}\N{NO-BREAK SPACE}% más que {what}",
    same="Igual que {what}", last_month="el mes pasado", last_bill="la factura anterior",
    third_party="Cobrado para terceros", instalments="A pagar en {count} plazos",
    collected_in="Cobrado en {count} plazos", instalment_of="plazo {number} de {count}; {total} en total",
    account="Cuenta", check="Compruebe",
    bank="Código de banco", wrong_account="cifras erróneas; pregunte a {who}",
    means="Forma de pago", how_to_pay="Cómo pagar", ask="pregunte a {who}", of_which="de los cuales {amount}",
    legal_copy="Copia: la factura legal pasa por una plataforma autorizada.",
    months=("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
            "noviembre", "diciembre"),
    long_date="{day} de {month} de {year}", short_date="{d:02}/{m:02}/{y:04}",
    refunded="Ya reembolsado",
    balance_due="Saldo anterior pendiente",
    balance_in_favour="Saldo anterior a su favor",
    payments="Pagos recibidos",
    payments_returned="Pagos devueltos",
    discount="{percent} de descuento sobre {base}, es decir, {less} menos: {amount} a pagar hasta el {day}",
    interest="{percent} de intereses de demora sobre {base} después del {day}",
    rest_due="lo que quede por pagar",
    refunded_already="ya reembolsado",
    refund_to="reembolsado en la cuenta {account}",
    refund_to_debited="reembolsado en la cuenta de sus domiciliaciones",
    refund_by="reembolsado {means}",
    deducted_from="deducido de la factura {number}, o reembolsado si está pagada",
    deducted_from_many="deducido de las facturas {numbers}, o reembolsado si están pagadas",
    deducted_from_related="deducido de las facturas indicadas, o reembolsado",
    offset="compensado con lo que debe al emisor",
    refund_open="reembolsado, o deducido de su próxima factura",
    vat_in="A título informativo, IVA en {currency}",
)  # fmt: skip

LANGUAGES: Final = {"fr": FRENCH, "en": ENGLISH, "de": GERMAN, "nl": DUTCH, "es": SPANISH}
