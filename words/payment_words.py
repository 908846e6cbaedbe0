"""Names of payments' kinds, outcomes and reasons, for staff and the command line. French, with English in the
catalogue."""

from typing import Final

from words.catalogue import N_

KIND: Final = {
    "received": N_("reçu"),
    "collected": N_("prélevé"),
    "returned": N_("revenu"),
    "refunded": N_("remboursé"),
    "announced": N_("prélèvement remis"),
    "refused": N_("prélèvement refusé"),
    "refund_returned": N_("remboursement revenu"),
}
OUTCOME: Final = {
    "waiting": (N_("attend une décision"), "ask"),
    "matched": (N_("rapproché"), "good"),
    "part": (N_("rapproché en partie"), ""),
    "ignored": (N_("écarté"), "plain"),
    "duplicate": (N_("déjà dit"), "plain"),
}
WHY: Final = {
    "reference": N_("par sa référence"),
    "end_to_end": N_("par l’identifiant de bout en bout"),
    "text": N_("par un numéro de son libellé"),
    "mandate": N_("par son mandat"),
    "order": N_("par les prélèvements de sa remise"),
    "typing_error": N_("malgré une faute de frappe"),
    "account_and_amount": N_("par son payeur et son montant"),
    "undoes": N_("défait un autre paiement"),
    "decided": N_("décidé par une personne"),
    "told_by_bank": N_("la banque le dit aussi"),
    "told_one_by_one": N_("ses paiements sont dits un par un"),
    "went_back": N_("il est reparti"),
    "unknown_reference": N_("sa référence est inconnue"),
    "no_reference": N_("il ne nomme rien"),
    "other_amount": N_("aucune facture de ce payeur n’est de ce montant"),
    "several_bills": N_("plusieurs factures conviennent"),
    "split_unknown": N_("il nomme plusieurs factures sans les couvrir"),
    "share_of_unknown_bill": N_("une de ses parts nomme une facture inconnue"),
    "shares_do_not_add_up": N_("ses parts dépassent son montant"),
    "paid_twice": N_("la facture est déjà payée, du même montant"),
    "already_paid": N_("la facture est déjà payée"),
    "several_correctives": N_("deux factures corrigent celle qu’il nomme"),
    "bill_withdrawn": N_("la facture est retirée"),
    "asks_nothing": N_("la facture ne demande rien"),
    "other_currency": N_("la facture est dans une autre monnaie"),
    "batch_total": N_("le total d’une remise, sans ses paiements"),
    "original_unknown": N_("le paiement qu’il défait est inconnu"),
    "part_of_several": N_("une partie revient d’un paiement de plusieurs factures"),
    "not_booked": N_("la banque ne l’a pas comptabilisé"),
}
#: What speaks for a bill (`payments.matching.likely_bills`).
SPEAKS: Final = {
    "named": N_("son numéro est nommé"),
    "similar_number": N_("son numéro à un signe près"),
    "same_amount": N_("même montant"),
    "known_iban": N_("IBAN connu de ce compte"),
    "same_name": N_("même nom"),
    "close_name": N_("nom proche"),
    "open": N_("encore à payer"),
}
