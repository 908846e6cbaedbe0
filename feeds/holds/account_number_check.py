"""Hold a feed with too many account questions or shared account numbers. Pure."""

from collections.abc import Iterator
from typing import Final

from bill import Finding, warning
from issuers.profile import DriftTable
from store.feeds.feed_counts_as_read import FeedCounts

ACCOUNTS_ASK: Final = "ACCOUNT-QUESTIONS"
NUMBER_SHARED: Final = "ACCOUNT-SHARED"


def account_number_hold_reasons(read: FeedCounts, breaker: DriftTable) -> Iterator[Finding]:
    """Hold reasons of a feed with too many account questions or shared numbers. A billing system that rewrites all
    names and addresses raises a question about everybody; a spreadsheet that rounds numbers gives one to many."""
    if not breaker.on:
        return
    if read.asking >= breaker.least_questions and read.asking > breaker.account_questions * read.known:
        share = f"{100 * read.asking / max(read.known, read.asking):.0f} %"
        yield warning(
            ACCOUNTS_ASK,
            "{part} account numbers come with another name and another address, of {count} bills of known accounts "
            "({share})",
            part=read.asking,
            count=read.known,
            share=share,
        )
    if 0 < breaker.shared_numbers <= read.shared:
        numbers = ", ".join(read.shared_numbers)
        yield warning(
            NUMBER_SHARED,
            "{count} account numbers are shared by several names and addresses ({numbers})",
            count=read.shared,
            numbers=numbers,
        )
