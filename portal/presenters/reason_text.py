"""Spells a reason in the visitor's language."""

from bill import Reason
from portal.translation import language
from words import reason_text as words
from words.french_typography import set_well


def reason_text(reason: Reason) -> str:
    """Returns the reason as one sentence, without capital and full stop. What a person or a sender wrote stays as it
    is."""
    into = language()
    return words.reason_text(reason.code, reason.values, into, set_well if into == "fr" else str)
