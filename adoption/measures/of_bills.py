"""Measures of bills, by the day on which they were issued, whatever day things happened to them."""

from typing import Final

from adoption.bill_contribution import LETTERS
from adoption.measures.measure import ENGINE, Measure, counted, family, share
from words.catalogue import N_

OF_BILLS: Final[tuple[Measure, ...]] = (
    counted(
        "bills", N_("Factures"), N_("Factures livrées, sans celles qui ont été retirées ou remplacées."),
        "bills", "issued",
    ),
    counted(
        "presented", N_("Factures présentées"), N_("Factures qu’une personne peut voir ici."), "bills", "issued",
    ),
    counted(
        "notified", N_("Factures annoncées"), N_("Factures dont l’annonce est partie, par courriel ou par SMS."),
        "bills", "issued",
    ),
    counted(
        "read7", N_("Lues en sept jours"),
        N_("Factures présentées qu’une personne connectée a ouvertes au plus sept jours après. Un courriel ouvert ne"
           " compte pas : les logiciels les ouvrent d’eux-mêmes."),
        "bills", "issued",
    ),
    counted(
        "read30", N_("Lues en trente jours"),
        N_("Factures présentées qu’une personne connectée a ouvertes au plus trente jours après."), "bills", "issued",
    ),
    counted(
        "reminders", N_("Rappels"), N_("Rappels partis, par quelque canal que ce soit."), "messages", "issued",
    ),
    counted(
        "bounced", N_("Annonces revenues"), N_("Factures dont une annonce ou un rappel est revenu."), "bills", "issued",
    ),
    counted(
        "letters", N_("Factures sur papier"), N_("Factures remises à l’imprimeur, au moins une fois."),
        "bills", "issued",
    ),
    counted(
        "fallbacks", N_("Retours au papier d’une facture"),
        N_("Factures annoncées à une personne sans papier, et remises à l’imprimeur ensuite."), "bills", "issued",
    ),
    counted(
        "returned", N_("Lettres revenues"), N_("Factures dont une lettre est revenue."), "bills", "issued",
    ),
    counted(
        "double", N_("Factures en double"),
        N_("Factures présentées ici et envoyées aussi par lettre, sans que la lettre remplace une annonce."),
        "bills", "issued", "KUBRA 2022",
    ),
    counted(
        "letters_saved", N_("Lettres évitées"),
        N_("Factures dont le canal est choisi, et pour lesquelles aucune lettre n’est partie ni ne partira."),
        "bills", "issued",
    ),
    counted(
        "spared", N_("Factures sans lettre par choix"),
        N_("Factures dont le canal choisi est l’espace : une lettre ne part que si elles n’y sont pas lues à temps."),
        "bills", "issued",
    ),
    counted(
        "posted", N_("Lettres parties"), N_("Lettres remises à l’imprimeur, avec celles qui en remplacent une autre."),
        "letters", "issued",
    ),
    counted(
        "fallback_letters", N_("Lettres de secours"),
        N_("Lettres parties pour des factures sans lettre par choix."), "letters", "issued",
    ),
    family(
        "letters_by_reason", N_("Lettres par raison"),
        N_("Factures sur papier, par la raison pour laquelle leur première lettre a été envoyée."), "bills", "issued",
        LETTERS,
    ),
    counted(
        "emails", N_("Courriels partis"), N_("Annonces et rappels partis par courriel."), "messages", "issued",
    ),
    counted(
        "sms", N_("SMS partis"), N_("Annonces et rappels partis par SMS."), "messages", "issued",
    ),
    counted(
        "payable", N_("Factures à payer"),
        N_("Factures avec une échéance et un montant à payer, hors prélèvement."), "bills", "issued",
    ),
    counted(
        "paid_on_time", N_("Payées à temps"),
        N_("Factures à payer dont les paiements connus, comptabilisés au plus tard à l’échéance, font le montant."),
        "bills", "issued",
    ),
    share(
        "presentment", N_("Présentation"), N_("Factures présentées, sur les factures."), "issued", "presented", "bills",
        ENGINE,
    ),
    share(
        "reach", N_("Portée"), N_("Factures annoncées, sur les factures présentées."), "issued", "notified",
        "presented", ENGINE,
    ),
    share(
        "read7_rate", N_("Part lue en sept jours"), N_("Lues en sept jours, sur les factures présentées."), "issued",
        "read7", "presented", ENGINE,
    ),
    share(
        "read30_rate", N_("Part lue en trente jours"), N_("Lues en trente jours, sur les factures présentées."),
        "issued", "read30", "presented", ENGINE,
    ),
    share(
        "suppression", N_("Part sans papier des factures"), N_("Lettres évitées, sur les factures."), "issued",
        "letters_saved", "bills", ENGINE,
    ),
    share(
        "fallback_rate", N_("Part des retours au papier"),
        N_("Retours au papier, sur les factures annoncées."), "issued", "fallbacks", "notified", ENGINE,
    ),
    share(
        "double_rate", N_("Part en double"), N_("Factures en double, sur les factures présentées."), "issued",
        "double", "presented", ENGINE,
    ),
    share(
        "on_time", N_("Part payée à temps"), N_("Payées à temps, sur les factures à payer."), "issued",
        "paid_on_time", "payable", ENGINE,
    ),
)  # fmt: skip
