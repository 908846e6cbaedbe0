"""A payment file while it is read: its entries and findings one after the other, and behind the last one what the file
says of itself."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import BinaryIO

from bill import Finding
from bill.payment.payment_entry import PaymentEntry
from payments.files.account_statement import AccountStatement

#: What a reader gives: a movement, or what is wrong in the file.
PaymentItem = PaymentEntry | Finding
#: Reads a stream, and fills in what the file says of itself.
Read = Callable[[BinaryIO, "PaymentFile"], Iterator[PaymentItem]]


class PaymentFile:
    """Iterate it once. A finding that is `fatal` has rejected one entry; the others count.

    When the file itself cannot be trusted (cut off, hostile, no payment file at all) the iteration ends with a fatal
    finding and *is_whole* stays False: then nothing of the file may be stored. The other fields are complete when the
    iteration has ended: *message_id* (`MsgId`) and *created_at* (`CreDtTm`, aware or None) of the first message,
    *statements* in file order; *original_message_id* and *state_counts* of a status report: the message that it tells
    of (`OrgnlMsgId`), and how many orders are in each state (`RJCT`, `ACSC`, `PDNG`). *messages* is how many of a ZIP
    were begun.
    """

    def __init__(self, format_name: str, stream: BinaryIO, read: "Read") -> None:
        self.format = format_name
        self.messages = 0
        self.message_id = ""
        self.original_message_id = ""
        self.created_at: datetime | None = None
        self.statements: list[AccountStatement] = []
        self.state_counts: dict[str, int] = {}
        self.is_whole = False
        self._stream, self._read = stream, read

    def __iter__(self) -> Iterator[PaymentItem]:
        return self._read(self._stream, self)
