"""Finds what the e-mail that came back was sent for, by the signed return path that it was sent to.

Servers write the envelope's recipient into a header as they put a message into a mailbox: Exim `Envelope-To`, Postfix
`X-Original-To` and `Delivered-To`, others one of the rest. Anybody can write such headers, and need not be trusted:
only who received the e-mail knows its signed return path, and it stands for that one e-mail.
"""

from collections.abc import Iterator
from email.message import Message
from itertools import islice
from typing import Final

from delivery.channels.email.mail_origin import MailOrigin
from delivery.channels.email.return_path import origin_of
from delivery.feedback.bounces.limited_message import headers_of
from store.vault.key_ring import KeyRing

_HEADERS: Final = (
    "Envelope-To", "X-Original-To", "Delivered-To", "X-Envelope-To", "X-Delivered-To", "X-Forwarded-To", "To",
)  # fmt: skip
#: Headers of one name, and addresses in one of them, that are looked at.
_MOST: Final = 20


def origin_addressed(keys: KeyRing, message: Message) -> MailOrigin | None:
    """Return what the e-mail was sent for whose return path this message was sent to; None where no header has a signed
    one."""
    return first_origin(keys, _addresses(message))


def first_origin(keys: KeyRing, addresses: Iterator[str]) -> MailOrigin | None:
    """Return what the first of these addresses that is a signed return path stands for."""
    return next((found for each in addresses if (found := origin_of(keys, each)) is not None), None)


def _addresses(message: Message) -> Iterator[str]:
    for name in _HEADERS:
        for value in islice(headers_of(message, name), _MOST):
            yield from (each.strip("<>\"' ") for each in value.replace(",", " ").split()[:_MOST])
