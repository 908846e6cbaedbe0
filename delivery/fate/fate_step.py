"""A step of a bill's fate: when, what, and why; a type of reports for programs, in English."""

import re
from datetime import datetime
from typing import Annotated, Final

import msgspec

from bill import Reason
from bill.json_values import Moment, says
from words.reason_text import reason_text

_ADDRESS: Final = re.compile(r"[^\s<>(\[,;:]+@[^\s<>)\],;:]+")


class FateReason(msgspec.Struct, frozen=True, kw_only=True):
    """Why, as a code and in words."""

    code: Annotated[str, says("Such as `printed_if_unread`; `words` where a person gave the reason.")]
    text: Annotated[str, says("In English, or in the words of whoever decided.")]


class FateStep(msgspec.Struct, frozen=True, kw_only=True):
    """One step of a bill's fate, past or expected."""

    at: Annotated[Moment | None, says("When it happened, or when it is expected; null: not known yet.")]
    code: Annotated[str, says("What happened, such as `letter.posted`. New codes may come.")]
    text: Annotated[str, says("The same in English.")]
    channel: Annotated[str | None, says("By which channel a person is or was reached; null of other steps.")] = None
    reason: FateReason | None = None
    by: Annotated[str | None, says("The named person who decided; null where nobody did.")] = None


def moment(at: datetime | None) -> str | None:
    """A moment as programs read it."""
    return None if at is None else at.isoformat()


def fate_reason(reason: Reason) -> FateReason | None:
    """A reason as programs read it, without e-mail addresses: a customer's is told to the portal, not to the issuer.
    None for the reason that says nothing."""
    if not reason.code:
        return None
    return FateReason(code=reason.code, text=without_addresses(reason_text(reason.code, reason.values, "en")))


def without_addresses(text: str) -> str:
    """The text with `…` in place of what looks like an e-mail address: servers repeat it in what they answer."""
    return _ADDRESS.sub("…", text)
