"""What is printed over the first page of a mail piece: address, claim code, amount due now."""

import msgspec

from bill.payment.amount_due import AmountDue


class Overlay(msgspec.Struct, frozen=True, kw_only=True):
    """What is printed over the first page of a mail piece: in the areas that an archived bill leaves free or, with
    *carrier*, on a separate page in front of the bill.

    *address* are the lines in the envelope's window (NF Z10-011), *return_address* those above it. *account* and
    *account_label* are the number that a claim asks for and its label; *claim_code* is None if nobody may claim the
    account. *claim_url* is the address to type, *bill_url* the one in the QR code, which opens this bill. *copy*: the
    original is the bill on line. *due* is what is due now, if something changed since the bill was issued;
    *is_code_void*: the bill's payment code has another amount. *invitation*: what stands above the code in place of the
    usual line; "" for that.
    """

    address: tuple[str, ...]
    sender: str = ""
    return_address: tuple[str, ...] = ()
    account: str = ""
    account_label: str = ""
    claim_code: str | None = None
    claim_url: str | None = None
    bill_url: str | None = None
    copy: bool = False
    carrier: bool = False
    language: str = "fr"
    due: AmountDue | None = None
    is_code_void: bool = False
    invitation: str = ""


class MailPieceNumber(msgspec.Struct, frozen=True):
    """The number of a mail piece: print batch, position in the batch from 1, and the number of pieces in the batch."""

    batch: int
    piece: int
    pieces: int
