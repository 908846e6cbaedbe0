"""Reasons as people read them."""

from bill import Reason
from words.reason_text import reason_text


def french(reason: Reason) -> str:
    """With plain spaces, as tests are typed."""
    return reason_text(reason.code, reason.values, "fr").replace("\u00a0", " ").replace("\u202f", " ")


def english(reason: Reason) -> str:
    return reason_text(reason.code, reason.values, "en")
