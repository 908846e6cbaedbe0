"""What is printed over the first page of a mail piece: address, claim code, amount due now."""

import msgspec

from bill.payment.amount_due import AmountDue


class Overlay(msgspec.Struct, frozen=True, kw_only=True):
    """What is laid over the first page of a mail piece: in the places that an archived bill keeps free, or, where
    *carrier* is set, on a page of its own in front of the bill.

    *address* has the lines of the envelope's window (NF Z10-011), *return_address* those that stand above it.
    *account* and *account_label* are the number that claiming asks for and what it is called; *claim_code* is None
    where nobody may claim the account. *copy*: the original is the bill on line. *due* is what is due as of now, where
    something has changed since the bill was issued; *is_code_void* where the bill's payment code asks another amount.
    """

    address: tuple[str, ...]
    sender: str = ""
    return_address: tuple[str, ...] = ()
    account: str = ""
    account_label: str = ""
    claim_code: str | None = None
    claim_url: str | None = None
    copy: bool = False
    carrier: bool = False
    language: str = "fr"
    due: AmountDue | None = None
    is_code_void: bool = False


class SetNumber(msgspec.Struct, frozen=True):
    """Which mail piece it is: the lot, the set in it counted from 1, and how many sets the lot has."""

    lot: int
    set: int
    sets: int
