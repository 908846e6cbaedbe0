"""The list of all invariants by name: queries that must return no row.

`INVARIANTS` hold at any moment. Checks that depend on the time of day are given a moment; `audit.archived_pdf_check`
checks what lies outside the database.
"""

from collections.abc import Callable
from typing import Final

from audit import (
    account_invariants,
    bill_invariants,
    conflict_invariants,
    delivery_invariants,
    erased_person_check,
    item_invariants,
    payment_invariants,
    webhook_invariants,
)
from audit.invariant_violations import Question

#: Invariants that hold at any moment, by name.
INVARIANTS: Final[dict[str, Callable[[], Question]]] = {
    "items_without_outcome": item_invariants.items_without_outcome,
    "items_missing": item_invariants.items_missing,
    "amounts_lost": item_invariants.amounts_lost,
    "bills_without_birth": bill_invariants.bills_without_birth,
    "bills_of_nothing": bill_invariants.bills_of_nothing,
    "enclosures_unsealed": bill_invariants.attachments_unencrypted,
    "conflicts_adrift": conflict_invariants.conflicts_adrift,
    "conflicts_of_nothing": conflict_invariants.conflicts_of_nothing,
    "superseded_by_nothing": bill_invariants.superseded_by_nothing,
    "superseded_sent": bill_invariants.superseded_sent,
    "recalled_sent": bill_invariants.recalled_sent,
    "bills_owing_nothing": delivery_invariants.bills_owing_nothing,
    "deliveries_of_others": delivery_invariants.deliveries_of_others,
    "forgotten_bills": delivery_invariants.forgotten_bills,
    "unworked_bills": bill_invariants.unworked_bills,
    "bills_not_found": bill_invariants.not_found_in_search,
    "letters_twice": delivery_invariants.letters_twice,
    "batches_miscounted": delivery_invariants.batches_miscounted,
    "posted_without_letter": delivery_invariants.posted_without_letter,
    "sent_without_attempt": delivery_invariants.sent_without_attempt,
    "failed_without_successor": delivery_invariants.failed_without_successor,
    "account_questions_of_nothing": account_invariants.questions_of_nothing,
    "provisional_accounts_unasked": account_invariants.provisional_unasked,
    "provisional_accounts_off_paper": account_invariants.provisional_off_paper,
    "paperless_against_consents": account_invariants.paperless_against_consents,
    "payments_lost": payment_invariants.payments_lost,
    "payments_overspent": payment_invariants.payments_overspent,
    "payments_of_nothing": payment_invariants.payments_of_nothing,
    "bills_of_joined_accounts": account_invariants.bills_left_behind,
    "webhooks_of_others": webhook_invariants.webhooks_of_others,
    "webhooks_without_attempt": webhook_invariants.webhooks_without_attempt,
    "events_beyond_sequence": webhook_invariants.events_beyond_sequence,
    "erased_people_left": erased_person_check.rows_of_erased_people,
}
