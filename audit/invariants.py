"""The invariants by name: questions about the rows that must find none. What takes time to be true is asked as of a
moment, what lies outside the database is looked at by `audit.archive`."""

from collections.abc import Callable
from typing import Final

from audit import accounts, bills, conflicts, deliveries, items
from audit.violations import Question

#: What holds at any moment.
INVARIANTS: Final[dict[str, Callable[[], Question]]] = {
    "items_without_outcome": items.items_without_outcome,
    "items_missing": items.items_missing,
    "amounts_lost": items.amounts_lost,
    "bills_without_birth": bills.bills_without_birth,
    "bills_of_nothing": bills.bills_of_nothing,
    "enclosures_unsealed": bills.enclosures_unsealed,
    "conflicts_adrift": conflicts.conflicts_adrift,
    "conflicts_of_nothing": conflicts.conflicts_of_nothing,
    "superseded_by_nothing": bills.superseded_by_nothing,
    "superseded_sent": bills.superseded_sent,
    "bills_owing_nothing": deliveries.bills_owing_nothing,
    "deliveries_of_others": deliveries.deliveries_of_others,
    "forgotten_bills": deliveries.forgotten_bills,
    "unworked_bills": bills.unworked_bills,
    "letters_twice": deliveries.letters_twice,
    "batches_miscounted": deliveries.batches_miscounted,
    "posted_without_letter": deliveries.posted_without_letter,
    "sent_without_attempt": deliveries.sent_without_attempt,
    "failed_without_successor": deliveries.failed_without_successor,
    "account_questions_of_nothing": accounts.questions_of_nothing,
    "provisional_accounts_unasked": accounts.provisional_unasked,
    "provisional_accounts_off_paper": accounts.provisional_off_paper,
    "bills_of_joined_accounts": accounts.bills_left_behind,
}
