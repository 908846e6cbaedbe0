"""Hold a feed with too many account questions or shared account numbers. Pure."""

from collections.abc import Iterator
from typing import Final

from feeds.holds.hold_reason import HoldReason
from issuers.profile import DriftTable
from store.feeds.feed_counts_as_read import FeedCounts

ACCOUNTS_ASK: Final = "ACCOUNT-QUESTIONS"
NUMBER_SHARED: Final = "ACCOUNT-SHARED"


def account_number_hold_reasons(read: FeedCounts, breaker: DriftTable) -> Iterator[HoldReason]:
    """Hold reasons of a feed with too many account questions or shared numbers. A billing system that rewrites all
    names and addresses raises a question about everybody; a spreadsheet that rounds numbers gives one to many."""
    if not breaker.on:
        return
    if read.asking >= breaker.least_questions and read.asking > breaker.account_questions * read.known:
        share = f"{100 * read.asking / max(read.known, read.asking):.0f} %"
        yield HoldReason(
            ACCOUNTS_ASK,
            f"Numéros de compte : {read.asking} portent un autre nom et une autre adresse, sur {read.known} factures "
            f"de comptes connus ({share})",
            "{part} account numbers come with another name and another address, of {count} bills of known accounts "
            "({share})",
            {"part": read.asking, "count": read.known, "share": share},
        )
    if 0 < breaker.shared_numbers <= read.shared:
        numbers = ", ".join(read.shared_numbers)
        yield HoldReason(
            NUMBER_SHARED,
            f"Numéros de compte partagés par plusieurs noms et adresses : {read.shared} ({numbers})",
            "{count} account numbers are shared by several names and addresses ({numbers})",
            {"count": read.shared, "numbers": numbers},
        )
