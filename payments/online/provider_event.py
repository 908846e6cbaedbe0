"""What a provider tells of a payment: the body of its signed request, read and checked. Pure."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Final, Literal

import msgspec

from payments.files.iso20022.exact_amount import exact_amount
from untrusted.value_parsing import NotAValueError, sensible

EventType = Literal["payment.succeeded", "payment.failed", "payment.refunded", "payment.charged_back"]
#: Characters of a provider's event at most.
MOST_BYTES: Final = 64 * 1024
_amount = re.compile(r"[0-9]{1,12}(\.[0-9]{1,3})?").fullmatch
_payment = re.compile(r"[!-~]{1,100}").fullmatch


class ProviderEventRefused(ValueError):  # noqa: N818
    """The event cannot be read. The message says where and why, in English."""


class _Data(msgspec.Struct, frozen=True):
    payment: str
    order: str
    amount: str
    currency: str
    at: datetime
    refund: str = ""


class _Event(msgspec.Struct, frozen=True):
    type: EventType
    data: _Data


class ProviderEvent(msgspec.Struct, frozen=True):
    """A payment of *order* (our public id) has succeeded, failed, or gone back, wholly or in part, on this day.
    *refund* is the provider's id of what went back, "" if it gives none."""

    type: EventType
    payment: str
    order: str
    amount: Decimal
    currency: str
    on: date
    refund: str = ""


_decoder: Final = msgspec.json.Decoder(_Event)


def read_provider_event(body: bytes) -> ProviderEvent:
    """Read an event: `{"type": …, "data": {"payment", "order", "amount", "currency", "at", "refund"}}`, the amount as a
    string, `refund` if it has one. Raises ProviderEventRefused for what cannot be a payment: another currency than one
    of ISO 4217, more decimal places than that has, a year that no payment is of."""
    try:
        event = _decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ProviderEventRefused(str(error)) from error
    told = event.data
    if not _amount(told.amount) or not Decimal(told.amount):
        raise ProviderEventRefused("$.data.amount: a string such as 84.20, above 0")
    if not _payment(told.payment):
        raise ProviderEventRefused("$.data.payment: up to 100 characters of ASCII")
    if told.refund and not _payment(told.refund):
        raise ProviderEventRefused("$.data.refund: up to 100 characters of ASCII")
    if told.at.tzinfo is None:
        raise ProviderEventRefused("$.data.at: a moment with its offset, such as 2026-11-27T09:30:00+01:00")
    return ProviderEvent(event.type, told.payment, told.order, _exact(told), told.currency, _day(told), told.refund)


def _exact(told: _Data) -> Decimal:
    try:
        return exact_amount(told.amount, told.currency).amount
    except NotAValueError as wrong:
        place = "currency" if wrong.rule == "PAYMENT-CURRENCY" else "amount"
        raise ProviderEventRefused(f"$.data.{place}: {wrong}") from wrong


def _day(told: _Data) -> date:
    try:
        return sensible(told.at.date())
    except ValueError as wrong:
        raise ProviderEventRefused(f"$.data.at: {wrong}") from wrong
