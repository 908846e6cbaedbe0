"""The fixed labels printed on a bill, in French; the other languages are in the catalogues `printed`."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache

from words.calendar_names import month_name
from words.printed_label import L_, labels_in
from words.printed_languages import printed_language
from words.spelled_date import date_pattern


@dataclass(frozen=True, slots=True)
class BillLabels:
    """The labels of one language. Text in braces is a placeholder, filled in where the label is used."""

    issued: str = L_("Date")
    period: str = L_("Période")
    begun: str = L_("à partir du {day}")  # a period without an end
    ended: str = L_("jusqu’au {day}")  # a period without a beginning
    billed_to: str = L_("Client")
    delivered_to: str = L_("Lieu desservi")
    order: str = L_("Commande")
    corrects: str = L_("Se rapporte à")
    to_pay: str = L_("À payer")
    before: str = L_("avant le {day}")
    online: str = L_("en ligne")
    to_be_debited: str = L_("Sera prélevé")
    on_day: str = L_("le {day}")
    by_debit: str = L_("vous n’avez rien à faire")
    nothing_due: str = L_("rien à payer")
    credited: str = L_("Montant de l’avoir")
    in_your_favour: str = L_("En votre faveur")
    paid_already: str = L_("Déjà payée")
    item: str = L_("Désignation")
    quantity: str = L_("Quantité")
    unit_price: str = L_("Prix unitaire HT")
    vat_rate: str = L_("TVA", "column")
    amount: str = L_("Montant HT")
    carried: str = L_("À reporter")
    brought: str = L_("Report")
    allowance: str = L_("Remise")
    charge: str = L_("Frais")
    net: str = L_("Total HT")
    vat: str = L_("TVA")
    vat_in: str = L_("Pour information, TVA en {currency}")
    gross: str = L_("Total TTC")
    paid: str = L_("Déjà payé")  # in advance by the customer (BT-113)
    refunded: str = L_("Déjà remboursé")  # to the customer, already
    balance_due: str = L_("Solde antérieur dû")  # owed from earlier bills
    balance_in_favour: str = L_("Solde antérieur en votre faveur")  # the customer's from earlier bills
    payments: str = L_("Paiements reçus")  # since the bill before
    payments_returned: str = L_("Paiements annulés")
    rounding: str = L_("Arrondi")
    base: str = L_("Base HT")
    rate: str = L_("Taux")
    pay_this: str = L_("Payer cette facture")
    debit: str = L_("Prélèvement automatique")
    debit_account: str = L_("Compte prélevé")
    mandate: str = L_("Mandat (RUM)")
    creditor: str = L_("Créancier (ICS)")
    payee: str = L_("Bénéficiaire")
    sum_due: str = L_("Montant")
    reference: str = L_("Référence à rappeler")
    scan: str = L_("Scannez avec l’application de votre banque")
    pay_online: str = L_("Payer en ligne")
    help: str = L_("Une question ?")
    conditions: str = L_("Conditions de paiement")
    page: str = L_("page {number} sur {of}")
    used: str = L_("Consommation")
    billed: str = L_("Vos factures")
    year_before: str = L_("un an avant")
    less: str = L_("{percent}\N{NO-BREAK SPACE}% de moins que {what}")
    more: str = L_("{percent}\N{NO-BREAK SPACE}% de plus que {what}")
    same: str = L_("Autant que {what}")
    last_month: str = L_("le mois dernier")
    last_bill: str = L_("la facture précédente")
    third_party: str = L_("Encaissé pour des tiers")
    instalments: str = L_("À payer en {count} fois")  # head of the plan of what is paid by hand
    collected_in: str = L_("Prélevé en {count} fois")  # head of the plan of what is collected
    instalment_of: str = L_("versement {number} sur {count}\N{NO-BREAK SPACE}; {total} en tout")
    discount: str = L_(  # for prompt payment
        "{percent} d’escompte sur {base}, soit {less} de moins\N{NO-BREAK SPACE}: {amount} à payer jusqu’au {day}"
    )
    interest: str = L_("{percent} d’intérêts de retard sur {base} après le {day}")  # on late payment
    rest_due: str = L_("ce qui reste dû")  # what that interest is on
    refunded_already: str = L_("déjà remboursé")  # what happens with a credit
    refund_to: str = L_("remboursé sur le compte {account}")
    refund_to_debited: str = L_("remboursé sur le compte de vos prélèvements")
    refund_by: str = L_("remboursé {means}")
    deducted_from: str = L_("déduit de la facture {number}, ou remboursé si elle est payée")
    deducted_from_many: str = L_("déduit des factures {numbers}, ou remboursé si elles sont payées")
    #: For bills whose numbers have no room.
    deducted_from_related: str = L_("déduit des factures auxquelles il se rapporte, ou remboursé")
    offset: str = L_("compensé avec ce que vous devez à l’émetteur")
    refund_open: str = L_("remboursé, ou déduit de votre prochaine facture")
    account: str = L_("Compte")  # an account to pay to that is no IBAN, of a system without a name
    #: A sort code, a routing number: what stands beside such an account and is no BIC.
    bank: str = L_("Code banque")
    check: str = L_("À vérifier")
    wrong_account: str = L_("chiffres faux\N{NO-BREAK SPACE}; demandez à {who}")
    means: str = L_("Moyen de paiement")
    how_to_pay: str = L_("Pour payer")
    ask: str = L_("demandez à {who}")
    of_which: str = L_("dont {amount}")
    specimen: str = L_("SPÉCIMEN")  # large, behind the text of what is only tried
    specimen_means: str = L_("SPÉCIMEN : document d’essai, sans valeur, à ne pas payer")
    legal_copy: str = L_("Copie : la facture légale passe par une plateforme agréée.")
    short_date: str = L_("{d:02}/{m:02}/{y:04}")
    colon: str = L_("\N{NO-BREAK SPACE}: ")
    #: The number of a month's first day in a date in words.
    first_day: str = L_("1er")
    #: Stands before the number of a bill: what kind of document it is.
    numbered: str = L_("{kind} n°")
    #: A day in words, as `%` takes it.
    long_date: str = ""
    months: tuple[str, ...] = ()
    short_months: tuple[str, ...] = ()

    def spell_day(self, day: date) -> str:
        """Return a day in words: `3 décembre 2026`, `3 December 2026`; the first is `1er` in French."""
        return _spelled(self.long_date, self.first_day, self.months, day)

    def figure_day(self, day: date) -> str:
        """Return a day in figures: `03/12/2026`; `3 Dec 2026` where figures alone can be read both ways."""
        return _figured(self.short_date, self.short_months, day)


@cache
def bill_labels(language: str) -> BillLabels:
    """Return the labels in this language, with its dates and names of months (CLDR); French for one that bills are not
    printed in."""
    language = printed_language(language)
    months, short_months = (
        tuple(month_name(month, language, short=short) for month in range(1, 13)) for short in (False, True)
    )
    return replace(
        labels_in(BillLabels, language),
        long_date=date_pattern(language, "long"),
        months=months,
        short_months=short_months,
    )


@lru_cache(maxsize=1024)
def _spelled(pattern: str, first_day: str, months: tuple[str, ...], day: date) -> str:
    number = first_day if day.day == 1 else str(day.day)
    return pattern % {"d": number, "MMMM": months[day.month - 1], "y": day.year}


@lru_cache(maxsize=1024)
def _figured(pattern: str, short_months: tuple[str, ...], day: date) -> str:
    return pattern.format(d=day.day, m=day.month, y=day.year, month=short_months[day.month - 1])
