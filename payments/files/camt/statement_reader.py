"""Reads a camt message as a stream: its statements, their entries, and the transactions of each."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import BinaryIO, Final

from bill import warning
from payments.files.account_statement import AccountStatement, EntrySums
from payments.files.camt.entry_reader import EntryReader
from payments.files.camt.statement_checks import add_entry, check_balances, check_sums
from payments.files.camt.statement_header import STATEMENTS, read_statement_header
from payments.files.iso20022.elements import Element, line_of_element, local_name_of
from payments.files.iso20022.message_header import read_message_header
from payments.files.iso20022.message_stream import MessageStream
from payments.files.payment_file import PaymentFile, PaymentItem
from payments.files.payment_file_format import MESSAGES
from untrusted.feed_error import FeedError
from untrusted.value_parsing import NotAValueError

#: They are kept in memory, as their entries are not.
_MOST_STATEMENTS: Final = 20_000
_PARENTS: Final[dict[str, Collection[str]]] = {
    "GrpHdr": MESSAGES, **dict.fromkeys(STATEMENTS, MESSAGES), "Ntry": STATEMENTS, "NtryDtls": ("Ntry",),
    "TxDtls": ("NtryDtls", "Ntry"),
}  # fmt: skip


def read_statements(stream: BinaryIO, file: PaymentFile) -> Iterator[PaymentItem]:
    """Yield the entries and findings of a camt file, and fill in *file*. Raises FeedError."""
    message = MessageStream(stream, _PARENTS)
    reader: _StatementReader | None = None
    created_at: datetime | None = None
    for event, element in message:
        name = local_name_of(element)
        if name == "GrpHdr" and event == "end":
            created_at = read_message_header(element, file)
        elif name in STATEMENTS and event == "start":
            if len(file.statements) >= _MOST_STATEMENTS:
                sentence = "this file has more than {most} statements: send several files"
                raise FeedError("XML-TOO-LARGE", sentence, f"line {line_of_element(element)}", most=_MOST_STATEMENTS)
            file.statements.append(AccountStatement())
            reader = _StatementReader(file.statements[-1], len(file.statements), created_at)
        elif reader is not None:
            yield from reader.read(event, name, element)
            if event == "end" and name in ("Ntry", "TxDtls", *STATEMENTS):
                message.forget(element)
    yield from message.findings()


class _StatementReader:
    """One statement while it is read."""

    def __init__(self, statement: AccountStatement, number: int, created_at: datetime | None) -> None:
        self._statement, self._number = statement, number
        self._created_on = created_at.date() if created_at else None
        self._every = EntrySums()  # pending entries, too
        self._entries = 0
        self._entry: EntryReader | None = None
        self._is_read = False

    def read(self, event: str, name: str, element: Element) -> Iterator[PaymentItem]:
        if name == "Ntry" and event == "start":
            yield from self._header(element.getparent())
            self._entries += 1
            place = f"line {line_of_element(element)}, statement {self._number}, entry {self._entries}"
            self._entry = EntryReader(self._statement, self._created_on, place, self._entries)
        elif name in STATEMENTS and event == "end":
            yield from self._finish(element)
        elif self._entry is not None and event == "end":
            if name == "TxDtls":
                yield from self._entry.transaction(element)
            elif name == "NtryDtls":
                yield from self._entry.end_of_details(element)
            elif name == "Ntry":
                yield from self._entry.finish(element)
                self._count(self._entry)
                self._entry = None

    def _header(self, element: Element | None) -> Iterator[PaymentItem]:
        if self._is_read or element is None:
            return
        self._is_read = True
        try:
            read_statement_header(element, self._statement)
        except NotAValueError as wrong:
            yield warning(wrong.rule, wrong.sentence, f"statement {self._number}", **wrong.values)

    def _finish(self, element: Element) -> Iterator[PaymentItem]:
        self._is_read = False
        yield from self._header(element)
        place = f"statement {self._number}"
        yield from check_sums(self._statement, self._every, place)
        yield from check_balances(self._statement, place)

    def _count(self, entry: EntryReader) -> None:
        booking = entry.booking
        if booking is None:
            return
        add_entry(self._every, booking.amount.amount, is_credit=booking.is_credit)
        if booking.is_booked:
            add_entry(self._statement.seen, booking.amount.amount, is_credit=booking.is_credit)
