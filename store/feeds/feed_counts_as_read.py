"""Counts and sums of a feed's items as they were read, for control totals and the drift check."""

from decimal import Decimal
from typing import Protocol

import msgspec

from bill import ZERO, Money


class SurveyedAccounts(Protocol):
    """Counts from the survey of a feed's accounts (`feeds.accounts.account_number_counts`)."""

    strangers: int
    known: int

    @property
    def asking(self) -> int: ...

    @property
    def shared(self) -> int: ...

    @property
    def shared_numbers(self) -> list[str]: ...


class FeedCounts(msgspec.Struct):
    """Counts of items as read, before release. Sums are payable amounts as sent, of every item whose amount is known,
    refused or not."""

    items: int = 0
    refused: int = 0
    strangers: int = 0  # bills of new accounts
    counts: dict[str, int] = msgspec.field(default_factory=dict)  # items of known amount, by currency
    sums: dict[str, Decimal] = msgspec.field(default_factory=dict)  # their payable amounts, by currency
    known: int = 0  # bills under known account numbers
    asking: int = 0  # held numbers that came with another name and another address
    shared: int = 0  # numbers that several people without an account share
    shared_numbers: list[str] = msgspec.field(default_factory=list)  # the first of the shared numbers

    def add(self, amount: Money | None, *, is_taken: bool) -> None:
        """Count one more item."""
        self.items += 1
        self.refused += not is_taken
        if amount is not None:
            self.counts[amount.currency] = self.counts.get(amount.currency, 0) + 1
            self.sums[amount.currency] = self.sums.get(amount.currency, ZERO) + amount.amount

    def note(self, survey: SurveyedAccounts) -> None:
        """Copy the counts of the account survey."""
        self.strangers, self.known = survey.strangers, survey.known
        self.asking, self.shared, self.shared_numbers = survey.asking, survey.shared, survey.shared_numbers

    @property
    def taken(self) -> int:
        return self.items - self.refused

    @property
    def unknown(self) -> int:
        """The number of items whose amount could not be read."""
        return self.items - sum(self.counts.values())
