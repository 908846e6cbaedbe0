"""Finds the delivery that a message came back of, by the signed return path that it was sent to.

Servers write the envelope's recipient into a header as they put a message into a mailbox: Exim `Envelope-To`, Postfix
`X-Original-To` and `Delivered-To`, others one of the rest. Anybody can write such headers, and need not be trusted:
only who received the e-mail knows its signed return path, and it stands for that one delivery.
"""

from collections.abc import Iterator
from email.message import Message
from itertools import islice
from typing import Final

from delivery.channels.email.return_path import delivery_of
from delivery.feedback.bounces.limited_message import headers_of
from store.vault.key_ring import KeyRing

_HEADERS: Final = (
    "Envelope-To", "X-Original-To", "Delivered-To", "X-Envelope-To", "X-Delivered-To", "X-Forwarded-To", "To",
)  # fmt: skip
#: Headers of one name, and addresses in one of them, that are looked at.
_MOST: Final = 20


def delivery_addressed(keys: KeyRing, message: Message) -> int | None:
    """Return the delivery whose return path this message was sent to; None where no header has a signed one."""
    return first_delivery(keys, _addresses(message))


def first_delivery(keys: KeyRing, addresses: Iterator[str]) -> int | None:
    """Return the delivery of the first of these addresses that is a signed return path."""
    return next((found for each in addresses if (found := delivery_of(keys, each)) is not None), None)


def _addresses(message: Message) -> Iterator[str]:
    for name in _HEADERS:
        for value in islice(headers_of(message, name), _MOST):
            yield from (each.strip("<>\"' ") for each in value.replace(",", " ").split()[:_MOST])
