"""Normalise e-mail addresses: the stored form, the form to count tries by, and the form for mail servers.

Stored: NFKC, lower case, no invisible characters, the domain in Unicode (`alice@exämple.de`). For mail servers: the
domain in ASCII (RFC 5891). Local parts beyond ASCII would need SMTPUTF8 (RFC 6531) on every server and are refused
where they are typed (decision 0023).
"""

import re
import unicodedata
from typing import Final

from email_validator import EmailNotValidError, validate_email

#: Unicode's Default_Ignorable_Code_Point beyond the categories Cc and Cf: fillers, joiners, variation selectors.
_UNSEEN: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
#: Plain ASCII addresses, as most are: already in the form for mail servers.
_PLAIN: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class NoAddress(ValueError):  # noqa: N818
    """The text is no address that mail can go to; the message is the validator's, in English."""


class NotForEveryServer(NoAddress):
    """The address has a local part beyond ASCII, which some servers refuse."""


def kept_form(text: str, *, may_be_reserved: bool = False) -> str:
    """The stored form of an address as typed. Makes no network request. *may_be_reserved* accepts test domains
    (`.test`, RFC 2606). Raises NoAddress, or NotForEveryServer if only the local part is at fault."""
    try:
        found = validate_email(
            _seen(text).strip(), check_deliverability=False, strict=True, test_environment=may_be_reserved
        )
    except EmailNotValidError as error:
        raise NoAddress(str(error)) from error
    if found.ascii_email is None:
        raise NotForEveryServer("letters beyond ASCII before the @ are not taken by every mail server on the way")
    return found.normalized.lower()


def forms_of(text: str) -> list[str]:
    """The stored forms that an address as typed may have. Old rows hold it as typed in lower case, so that form comes
    first. No row holds a NUL, and PostgreSQL refuses to look for one."""
    return list(dict.fromkeys([" ".join(text.replace("\0", " ").split()).lower(), counted_form(text)]))


def counted_form(text: str) -> str:
    """The form that tries are counted by: the same for all spellings of an address. Accepts texts that are no
    address."""
    if _PLAIN.fullmatch(text) and "xn--" not in text.lower():  # a bill is read with its address: this is most of them
        return text.lower()
    try:
        return kept_form(text, may_be_reserved=True)
    except NoAddress:
        return _seen(text).strip().lower()


def wire_form(kept: str) -> str:
    """The address in ASCII for SMTP envelopes and headers. Raises NoAddress."""
    if _PLAIN.fullmatch(kept):
        return kept
    if kept.isascii():
        raise NoAddress("no address")
    try:
        ascii_form = validate_email(kept, check_deliverability=False, test_environment=True).ascii_email
    except EmailNotValidError as error:
        raise NoAddress(str(error)) from error
    if ascii_form is None or not _PLAIN.fullmatch(ascii_form):
        raise NotForEveryServer("letters beyond ASCII before the @")
    return ascii_form


def _seen(text: str) -> str:
    """The text with compatibility forms resolved and invisible characters removed."""
    text = unicodedata.normalize("NFKC", "".join(c for c in text if unicodedata.category(c) not in {"Cf", "Cc"}))
    return _UNSEEN.sub("", text)
