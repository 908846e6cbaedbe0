"""The ledger: what doing without letters spared and cost, in euros, sheets and grams of CO2. Pure.

    saved = avoided - fallback - messages - invitations

*avoided*: a letter for each bill whose chosen channel is the portal. *fallback*: the letters that left for these bills
all the same, those that were sent again among them. *messages*: their notices and reminders. *invitations*: what
campaigns sent. What a bill on paper costs is in no line: it would have cost the same.

Each line is a count times a price. So the ledger of many bills is the ledger of their counts, and prices may change
without anything being counted again.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from adoption.account_day_changes import COST_UNIT
from adoption.costs.carbon_range import CARBON_RANGES
from adoption.costs.cost_parameters import COST_PARAMETERS, letter_cost
from issuers.profile import Profile

#: A bill of one leaf: what a bill that was never printed would have taken is not known.
SHEETS_A_LETTER: Final = 1


class LedgerPrices(NamedTuple):
    """EUR for a letter of one leaf, an e-mail and an SMS."""

    letter: Decimal
    email: Decimal = COST_PARAMETERS["email"].amount
    sms: Decimal = COST_PARAMETERS["sms"].amount


class Ledger(NamedTuple):
    """Euros spared and spent, leaves of paper and grams of CO2 spared; the latter from *carbon_low* to *carbon_high*.
    What is spared is negative where more was spent than avoided."""

    avoided: Decimal
    fallback: Decimal
    messages: Decimal
    invitations: Decimal
    sheets: int
    carbon_low: Decimal
    carbon_high: Decimal

    @property
    def saved(self) -> Decimal:
        """EUR that are left of what was avoided."""
        return self.avoided - self.fallback - self.messages - self.invitations

    def and_also(self, other: "Ledger") -> "Ledger":
        """Both together."""
        return Ledger(
            self.avoided + other.avoided, self.fallback + other.fallback, self.messages + other.messages,
            self.invitations + other.invitations, self.sheets + other.sheets, self.carbon_low + other.carbon_low,
            self.carbon_high + other.carbon_high,
        )  # fmt: skip


#: The counts that a ledger is reckoned from.
LEDGER_COUNTS: Final = ("spared", "fallback_letters", "emails", "sms", "invitation_cost")
NOTHING: Final = Ledger(Decimal(0), Decimal(0), Decimal(0), Decimal(0), 0, Decimal(0), Decimal(0))
PUBLIC_PRICES: Final = LedgerPrices(letter_cost(Profile()))


def prices_of(profile: Profile) -> LedgerPrices:
    """The prices of an issuer: its own of a letter, where it names one."""
    return LedgerPrices(letter_cost(profile))


def ledger_of(counts: Mapping[str, int], prices: LedgerPrices = PUBLIC_PRICES) -> Ledger:
    """The ledger of these counts (LEDGER_COUNTS), of one bill or of many."""
    spared, fallback, emails, sms = (counts.get(each, 0) for each in LEDGER_COUNTS[:4])
    letters, messages = spared - fallback, emails + sms
    letter, message = CARBON_RANGES["letter"], CARBON_RANGES["message"]
    return Ledger(
        avoided=spared * prices.letter,
        fallback=fallback * prices.letter,
        messages=emails * prices.email + sms * prices.sms,
        invitations=counts.get("invitation_cost", 0) * COST_UNIT,
        sheets=letters * SHEETS_A_LETTER,
        carbon_low=letters * letter.low - messages * message.high,
        carbon_high=letters * letter.high - messages * message.low,
    )
