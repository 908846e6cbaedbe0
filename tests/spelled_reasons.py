"""Reasons as people read them."""

from bill import Reason
from words.reason_text import reason_text


def french(reason: Reason) -> str:
    return reason_text(reason.code, reason.values, "fr")


def english(reason: Reason) -> str:
    return reason_text(reason.code, reason.values, "en")
