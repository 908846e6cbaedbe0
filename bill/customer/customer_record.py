"""What an issuer says of one customer account at one moment: an entry of its customer file, or one request of the API.

A field that is `msgspec.UNSET` is not said; None is removed.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final, Literal

from msgspec import UNSET, Struct, UnsetType, json

from bill.postal_address import PostalAddress

#: Why somebody gets paper by right; `yes` where the issuer does not say why, and need not.
PaperRight = Literal["exempt", "guardian", "vulnerable", "yes"]
PAPER_RIGHTS: Final[tuple[PaperRight, ...]] = ("exempt", "guardian", "vulnerable", "yes")


class StatedAddress(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An address and the days on which it is valid, both included. Without the first day it is valid already; a first
    day to come is a move. After the last day, what was said before is valid again."""

    address: PostalAddress
    valid_from: date | None = None
    valid_until: date | None = None

    def is_valid(self, day: date) -> bool:
        """Whether the address is valid on this day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )

    def crosses(self, other: "StatedAddress") -> bool:
        """Whether each of the two is valid on days of its own and both on some: neither is a stay within the other."""
        first, last = self._days
        begins, ends = other._days
        return first < begins <= last < ends or begins < first <= ends < last

    @property
    def _days(self) -> tuple[date, date]:
        return self.valid_from or date.min, self.valid_until or date.max


class CustomerRecord(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One account's customer. The account is called by *number*, its *term* (`BT-46`; "" for the issuer's usual one)
    and *scheme*. *as_of* is the moment of the source's own clock; None: when it came.

    *email* and *phone* are what the issuer knows. Nobody is enrolled by them, and they are confirmed by nobody.
    """

    number: str
    term: str = ""
    scheme: str = ""
    as_of: datetime | None = None
    names: tuple[str, ...] | UnsetType | None = UNSET  # of all holders, as letters bear them
    postal_address: StatedAddress | UnsetType | None = UNSET  # where letters go
    delivery_address: StatedAddress | UnsetType | None = UNSET  # where the service is delivered: the dwelling
    email: str | UnsetType | None = UNSET
    phone: str | UnsetType | None = UNSET
    language: str | UnsetType | None = UNSET  # ISO 639-1, of letters and pages
    large_print: bool | UnsetType | None = UNSET
    paper_by_right: PaperRight | UnsetType | None = UNSET
    closed_on: date | UnsetType | None = UNSET  # the account's last day
    died_on: date | UnsetType | None = UNSET
    household: str | UnsetType | None = UNSET  # the issuer's own id


#: The fields that a record may say, in their order.
FIELDS: Final = (
    "names", "postal_address", "delivery_address", "email", "phone", "language", "large_print", "paper_by_right",
    "closed_on", "died_on", "household",
)  # fmt: skip
#: Of them, those with days on which they are valid.
ADDRESSES: Final = ("postal_address", "delivery_address")


def said_fields(record: CustomerRecord) -> Iterator[tuple[str, Any]]:
    """The fields that this record says with their values, None for a removed one."""
    for name in FIELDS:
        value = getattr(record, name)
        if value is not UNSET:
            yield name, value


def joined_names(names: tuple[str, ...]) -> str:
    """The names as one line of an envelope: `Alice Martin et Bruno Martin`."""
    *first, last = names or ("",)
    return f"{', '.join(first)} et {last}" if first else last


def pack_record(record: CustomerRecord) -> bytes:
    """The record as JSON, in which a field may be added later."""
    return json.encode(record)


def unpack_record(content: bytes) -> CustomerRecord:
    """The record that `pack_record` packed."""
    return json.decode(content, type=CustomerRecord)
