"""Spells a reason in the visitor's language."""

from bill import Reason
from portal.translation import language
from words import reason_text as words


def reason_text(reason: Reason) -> str:
    """Returns the reason as one sentence, without capital and full stop. What a person or a sender wrote stays as it
    is."""
    return words.reason_text(reason.code, reason.values, language())
