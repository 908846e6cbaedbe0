"""Tokens of bills whose search words were stored in their rows, by versions before the full-text index. For the
migration alone: nothing of the bill is unpacked."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from store.search.amount_token import amount_token
from store.search.bill_tokens import add_words, joined_tokens, number_tokens
from store.search.day_token import day_tokens


def tokens_of_stored_words(number: str, days: Sequence[date | None], amounts: Sequence[int | None], words: str) -> str:
    """The tokens by which a bill is found: its number, issue and due date, amounts (in ten-thousandths) and words."""
    tokens = dict.fromkeys(number_tokens(number))
    tokens |= dict.fromkeys(amount_token(Decimal(amount).scaleb(-4)) for amount in amounts if amount)
    tokens |= dict.fromkeys(token for day in days if day for token in day_tokens(day))
    add_words(tokens, words)
    return joined_tokens(tokens)
