"""Warns about e-mail addresses of the buyer that cannot be right: telephone numbers, malformed addresses."""

import re
from typing import Final

from bill import Party
from ingest.checks.broken_rule import BrokenRule

#: CEF EAS: an electronic address of this scheme is a mail address.
_MAIL_SCHEME: Final = "EM"
_ADDRESS: Final = re.compile(r"[^@\s,;<>()\"]+@[^@\s,;<>()\"]+\.[^@\s,;<>()\".]{2,}").fullmatch
_PHONE: Final = re.compile(r"(?:\+|00|0)[\d\s./()-]{7,20}").fullmatch


def check_email(buyer: Party, broken: list[BrokenRule]) -> None:
    """DQ-MAIL-PHONE: a telephone number stands in place of an e-mail address. DQ-MAIL: something else does."""
    if buyer.contact is not None and buyer.contact.email:
        _mail(buyer.contact.email, "BT-58", broken)
    electronic = buyer.electronic_address
    if electronic is not None and electronic.scheme == _MAIL_SCHEME:
        _mail(electronic.value, "BT-49", broken)


def _mail(said: str, place: str, broken: list[BrokenRule]) -> None:
    if _ADDRESS(said):
        return
    values = {"said": said[:60]}
    if _PHONE(said.strip()):
        broken.append(BrokenRule("DQ-MAIL-PHONE", "'{said}' is a telephone number, not a mail address", place, values))
    else:
        broken.append(BrokenRule("DQ-MAIL", "'{said}' is no mail address", place, values))
