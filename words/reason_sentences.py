"""The sentences of all reasons, in French and English, by code.

A blank (`{day}`) is filled in by `words.reason_text`; the last word of its name says how it is spelled. A code and the
names of its blanks are in rows for years: a new meaning takes a new code.
"""

from typing import Final, NamedTuple


class Sentence(NamedTuple):
    """One sentence, in each language."""

    french: str
    english: str


#: Why a bill goes to somebody by this channel at this time (`delivery.choose_channel`, `delivery.reminders`).
_CHOSEN: Final = {
    "account_in_question": Sentence(
        "son numéro de compte est aussi celui d’une autre personne : l’émetteur décide",
        "its account number is another person’s too: the issuer decides",
    ),
    "account_unclaimed": Sentence("personne n’a encore réclamé ce compte", "nobody has claimed this account yet"),
    "paper_kept": Sentence(
        "le compte est suivi en ligne, ses factures restent sur papier",
        "the account is followed on line, its bills stay on paper",
    ),
    "no_holder_by_email": Sentence(
        "sans papier, mais aucun de ses titulaires ne peut recevoir de courriel",
        "paperless, but none of its holders can be sent an e-mail",
    ),
    "too_late_to_wait": Sentence(
        "sans papier, mais il est trop tard pour attendre une lecture",
        "paperless, but it is too late to wait for a reader",
    ),
    "printed_if_unread": Sentence(
        "sans papier : par la poste si personne ne l’a vue le {day}",
        "paperless: by post if nobody has seen it on {day}",
    ),
    "shown_to_holder": Sentence(
        "titulaire du compte : la facture est dans son espace",
        "holds the account: the bill is in their space",
    ),
    "announced_by_email": Sentence("compte sans papier : annoncée par courriel", "paperless account: told by e-mail"),
    "reminder_if_unread": Sentence(
        "rappel {reminder} : {working_days} après l’annonce, si personne ne l’a vue",
        "reminder {reminder}: {working_days} after the notice, if nobody has seen it",
    ),
    "instalment_due": Sentence(
        "versement {instalment} : à payer au plus tard le {day}",
        "instalment {instalment}: to pay by {day}",
    ),
    "chosen": Sentence("{channel}", "{channel}"),
    "chosen_again": Sentence("comptes réunis : {channel}", "accounts joined: {channel}"),
}

#: Why a delivery is needed no more.
_OVER: Final = {
    "viewed": Sentence("vue le {day}", "seen on {day}"),
    "credited": Sentence("annulée par {credit_notes}", "cancelled by {credit_notes}"),
    "replaced": Sentence("remplacée par {bills}", "replaced by {bills}"),
    "paid": Sentence("payée", "paid"),
    "said_paid": Sentence("payée, selon son destinataire", "paid, its addressee says"),
    "nothing_asked": Sentence("plus rien n’est demandé", "nothing is asked any more"),
    "instalment_over": Sentence("ce versement n’est plus demandé", "this instalment is asked for no more"),
    "bill_withdrawn": Sentence("la facture a été retirée", "the bill was withdrawn"),
}

#: What became of an e-mail.
_EMAIL: Final = {
    "email_bounced": Sentence("le message est revenu : {answer}", "the message came back: {answer}"),
    "email_given_up": Sentence(
        "le message n’a pu être remis après {attempts}", "the message could not be delivered after {attempts}"
    ),
    "email_refused": Sentence(
        "le message n’a pu être remis après {attempts} : {answer}",
        "the message could not be delivered after {attempts}: {answer}",
    ),
    "no_longer_holder": Sentence("n’est plus titulaire du compte", "holds the account no more"),
    "address_suspended": Sentence("adresse suspendue : {answer}", "address suspended: {answer}"),
    "address_unconfirmed": Sentence("adresse suspendue : non confirmée", "address suspended: not confirmed"),
    "sender_died": Sentence("le processus s’est arrêté pendant l’envoi", "the process ended while it was sending"),
    "sent_again": Sentence("de nouveau, sous le même Message-ID", "once more, under the same Message-ID"),
}

#: What became of a letter.
_LETTER: Final = {
    "letter_returned": Sentence("le pli est revenu : {answer}", "the letter came back: {answer}"),
    "letter_not_printed": Sentence("le pli n’a pas été imprimé", "the letter was not printed"),
    "address_incomplete": Sentence(
        "adresse incomplète : il manque {address_parts}", "incomplete address: {address_parts} missing"
    ),
    "address_mended": Sentence("adresse corrigée : {words}", "address mended: {words}"),
    "address_completed": Sentence("l’émetteur a complété l’adresse", "the issuer has completed the address"),
    "too_many_pages": Sentence("{pages} : aucune enveloppe ne les contient", "{pages}: no envelope holds them"),
    "too_heavy": Sentence("{grams} g : trop lourd pour une lettre", "{grams} g: too heavy for a letter"),
    "sheets_differ": Sentence(
        "le pli n’a pas les feuilles qui ont été comptées", "the letter has not the sheets that were counted"
    ),
    "pdf_unreadable": Sentence(
        "le PDF archivé ne peut être relu : {error}", "the archived PDF cannot be read again: {error}"
    ),
    "issuer_pdfs_slow": Sentence(
        "{pdfs} autres PDF de cet émetteur ont pris trop de temps dans ce lot",
        "{pdfs} other PDFs of this issuer took too long in this batch",
    ),
    "letter_not_composed": Sentence("le pli ne peut être composé : {error}", "the letter cannot be composed: {error}"),
    "in_print_batch": Sentence("lot {batch}", "batch {batch}"),
}

#: Why a feed is held or rejected, and what became of what waits for a person.
_FEED: Final = {
    "feed_doubted": Sentence("à décider : {rules}", "to be decided: {rules}"),
    "file_refused": Sentence("{rule} : {message}", "{rule}: {message}"),
    "all_bills_refused": Sentence(
        "Toutes les factures de ce flux sont refusées", "All the bills of this feed are refused"
    ),
    "reading_interrupted": Sentence(
        "Sa lecture a été interrompue plusieurs fois, et c’est notre faute",
        "It was interrupted several times while it was read, and that is our fault",
    ),
    "reading_failed": Sentence(
        "Il n’a pas pu être lu, et c’est notre faute : {error}", "It could not be read, and that is our fault: {error}"
    ),
    "nobody_decided": Sentence("personne n’a décidé en {days}", "nobody decided within {days}"),
    "accounts_joined": Sentence("comptes réunis", "accounts joined"),
}

#: Why a bill was set apart.
_BILL: Final = {
    "bill_failed": Sentence("elle n’a pu être traitée : {error}", "it could not be worked: {error}"),
    "worker_died": Sentence(
        "son traitement s’est arrêté net, à plusieurs reprises", "the worker died of it again and again"
    ),
}

#: What the print house answered to a batch.
_BATCH: Final = {
    "lot_printed": Sentence("{letters}, {sheets}", "{letters}, {sheets}"),
    "lot_printed_in_part": Sentence(
        "{letters}, {sheets}, {again} à refaire", "{letters}, {sheets}, {again} to be made again"
    ),
    "lot_differs": Sentence(
        "annoncé : {announced_letters}, {announced_sheets} ; imprimé : {printed_letters}, {printed_sheets}",
        "announced: {announced_letters}, {announced_sheets}; printed: {printed_letters}, {printed_sheets}",
    ),
    "lot_differs_in_part": Sentence(
        "annoncé : {announced_letters}, {announced_sheets} ; imprimé : {printed_letters}, {printed_sheets}, "
        "{again} à refaire",
        "announced: {announced_letters}, {announced_sheets}; printed: {printed_letters}, {printed_sheets}, "
        "{again} to be made again",
    ),
    "answer_unreadable": Sentence("réponse illisible : {error}", "the answer cannot be read: {error}"),
    "nothing_printable": Sentence("aucun pli n’a pu être imprimé", "no letter could be printed"),
}

#: What somebody wrote, and what stood in a row before reasons had codes.
_WRITTEN: Final = {"words": Sentence("{words}", "{words}"), "legacy": Sentence("{words}", "{words}")}

REASONS: Final[dict[str, Sentence]] = {**_CHOSEN, **_OVER, **_EMAIL, **_LETTER, **_FEED, **_BILL, **_BATCH, **_WRITTEN}
