"""What `facteur check` says of each invariant, by its name in `--json`: what must hold (docs/promises.md)."""

from typing import Final

from words.catalogue import M_

INVARIANT_SENTENCES: Final = {
    "items_without_outcome": M_("every item of a released feed has an outcome"),
    "items_missing": M_("a released feed has as many items as were read"),
    "items_unaccounted": M_("a feed’s items are those that the reader counted, in number and in sum"),
    "amounts_lost": M_("a feed’s bills amount to what its items do, to the cent"),
    "bills_without_birth": M_("every bill was made from one item"),
    "bills_of_nothing": M_("no bill is of a feed that was refused, or that is not read yet"),
    "enclosures_unsealed": M_("attachments are encrypted with the account’s key"),
    "conflicts_adrift": M_("an item in conflict has an open conflict, and its content"),
    "conflicts_of_nothing": M_("an open conflict has its item and its first bill"),
    "superseded_by_nothing": M_("a superseded bill has another of its number"),
    "superseded_sent": M_("nothing of a superseded bill was sent, or will be"),
    "bills_owing_nothing": M_("a chosen bill has a delivery"),
    "deliveries_of_others": M_("a delivery is queued for its bill’s issuer"),
    "forgotten_bills": M_("a bill whose deliveries were all cancelled was seen, posted, or is answered for"),
    "unworked_bills": M_("a released bill is worked on, or has failed"),
    "letters_twice": M_("a letter is printed once"),
    "batches_miscounted": M_("a closed batch has as many letters as it counts"),
    "posted_without_letter": M_("a bill that counts as posted has a letter that was"),
    "sent_without_attempt": M_("a mail that counts as sent was sent"),
    "failed_without_successor": M_("a mail that failed was replaced, or its bill has reached its person"),
    "account_questions_of_nothing": M_("an open account question has an account that waits for it"),
    "provisional_accounts_unasked": M_("a provisional account has an open question"),
    "provisional_accounts_off_paper": M_("the bills of a provisional account go on paper"),
    "bills_of_joined_accounts": M_("an account that was joined to another keeps neither bills nor holders"),
    "roots_missing": M_("every root secret that something needs is configured"),
    "silent_bills": M_("by its deadline every bill was seen, posted, or is answered for"),
    "batches_late": M_("batches are handed over within an hour of their cut-off"),
    "letters_unacknowledged": M_("the print house acknowledges its batches in time"),
    "workers_silent": M_("a worker works while something is due"),
    "tasks_overdue": M_("periodic tasks are done every hour"),
    "pdfs_changed": M_("every archived PDF is as it was archived"),
    "attachments_lost": M_("every attachment is as it was archived"),
}
