"""What a notice or reminder is about, by whatever channel it goes."""

from datetime import date
from decimal import Decimal
from typing import Final

import msgspec

from bill import CREDIT_NOTE_TYPES, AmountDue
from delivery.channels.issuer_mark import IssuerMark

NOTIFY: Final = "notify"
#: The kinds of purposes that ask for something still to be done.
_REMINDERS: Final = ("remind", "due")


def is_reminder_purpose(purpose: str) -> bool:
    """Whether a message of this purpose reminds of something still to be done, rather than bringing the bill."""
    return purpose.partition("-")[0] in _REMINDERS


class BillNotice(msgspec.Struct, frozen=True, kw_only=True):
    """What the message is about. *purpose*: `notify`, `remind-n`, `due-n` for the n-th instalment, or `again-n` of
    one that a person sends once more. *due*: as of now. *invoiced*: what the document amounts to (BT-112). *url*: the
    bill's page; *paper_url*: where paper is chosen; *choice_url*: where its reader chooses how to hear of bills.
    *letter_on*: when a letter leaves unless the bill is seen before; None where none is planned. *mark*: of the
    issuer."""

    purpose: str
    language: str
    name: str
    issuer: str
    number: str
    type_code: str
    issued: date
    due: AmountDue
    url: str
    paper_url: str
    invoiced: Decimal | None = None
    choice_url: str = ""
    letter_on: date | None = None
    mark: IssuerMark | None = None

    @property
    def kind(self) -> str:
        """The purpose without its number: `notify`, `remind`, `due` or `again`."""
        return self.purpose.partition("-")[0]

    @property
    def is_credit_note(self) -> bool:
        """Whether the document is a credit note, by its UNTDID 1001 type code."""
        return self.type_code in CREDIT_NOTE_TYPES
