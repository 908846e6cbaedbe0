"""Reads one entry of a statement and gives its payments: of none, one or a million transactions."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import msgspec

from bill import ZERO, fatal, warning
from bill.payment.payment_entry import PaymentEntry
from payments.files.account_statement import AccountStatement
from payments.files.camt.booked_transaction import (
    BookedTransaction,
    EntryIdentity,
    kind_of,
    payment_entry,
    read_transaction,
)
from payments.files.camt.booking import Booking, read_booking
from payments.files.camt.declared_batch import DeclaredBatch, read_batch
from payments.files.iso20022.elements import Element, children, line_of_element, text
from payments.files.iso20022.share_check import checked_shares
from payments.files.payment_file import PaymentItem
from untrusted.value_parsing import NotAValueError


class EntryReader:
    """One entry while it is read. The first transaction waits for the second: one that is alone has the entry's
    amount."""

    def __init__(self, statement: AccountStatement, created_on: date | None, place: str, number: int) -> None:
        self._statement, self._created_on = statement, created_on
        self._place, self._number = place, number
        self.booking: Booking | None = None
        self._is_passed = False  # it was refused, or is of nothing
        self._waiting: tuple[BookedTransaction, str] | None = None
        self._details: Element | None = None
        self._batch = DeclaredBatch()
        self._declared: int | None = None  # transactions of all batches
        self._is_batch = False
        self._order_id = ""
        self._count = self._without_amount = 0
        self._ids: tuple[str, ...] = ()  # of the first and the last transaction
        self._net = self._gross = ZERO  # of the transactions told, in the entry's direction

    def transaction(self, element: Element) -> Iterator[PaymentItem]:
        """Take a complete `TxDtls`; yields the payments that it makes certain."""
        yield from self._begin(_entry_of(element))
        if self.booking is None or self._is_passed:
            return
        self._begin_details(element.getparent(), self.booking)
        self._count += 1
        place = f"{self._place}, transaction {self._count}"
        try:
            read = read_transaction(element, self.booking)
        except NotAValueError as wrong:
            yield fatal(wrong.rule, wrong.sentence, _at(element, place), **wrong.values)
            self._without_amount += 1
            self._batch.add(None)
            return
        self._batch.add(self._directed(read, read.amounts[0]) if read.amounts else None)
        if self._count == 1:
            self._waiting = read, _at(element, place)
            return
        yield from self._no_longer_alone()
        yield from self._one_of_several(read, _at(element, place))

    def end_of_details(self, element: Element) -> Iterator[PaymentItem]:
        """Take a complete `NtryDtls`; yields what its batch declares otherwise."""
        parent = element.getparent()
        if parent is not None:
            yield from self._begin(parent)
        if self.booking is None or self._is_passed:
            return
        self._begin_details(element, self.booking)
        yield from self._batch.findings(self.booking.amount.currency, self._place)
        self._details = None

    def finish(self, element: Element) -> Iterator[PaymentItem]:
        """Take the complete entry; yields its last payments."""
        yield from self._begin(element)
        if self.booking is None or self._is_passed:
            return
        more_text = " ".join(text(line) for line in children(element, "AddtlNtryInf"))
        if self._waiting and self._count == 1 and self._waiting[0].tells_its_order_alone:
            self._order_id = self._waiting[0].order_id
            yield from self._lump(self.booking.amount.amount, self.booking.reference or self._own_id(), more_text)
        elif self._waiting and self._count == 1 and self._declared in (None, 1):
            yield from self._alone(*self._waiting, more_text)
        elif self._count:
            yield from self._no_longer_alone()
            yield from self._rest()
        else:
            yield from self._without_details(more_text)

    def _begin(self, element: Element) -> Iterator[PaymentItem]:
        """Read what stands before the details, once."""
        if self.booking is not None or self._is_passed:
            return
        try:
            self.booking = read_booking(element, self._statement, self._created_on)
        except NotAValueError as wrong:
            self._is_passed = True
            yield fatal(wrong.rule, wrong.sentence, self._place, **wrong.values)
            return
        if not self.booking.says_state:
            sentence = "this entry does not say whether it is booked (Sts): it is taken as booked, as a statement's are"
            yield warning("PAYMENT-STATUS", sentence, self._place)
        if not self.booking.amount.amount:
            self._is_passed = True
            yield warning("PAYMENT-AMOUNT-ZERO", "this entry is of 0: it moves no money", self._place)

    def _begin_details(self, element: Element | None, booking: Booking) -> None:
        if element is self._details:
            return
        self._details = element
        self._batch = read_batch(element, booking.amount.currency)
        self._is_batch = self._is_batch or self._batch.is_there
        self._order_id = self._batch.order_id or self._order_id
        if self._batch.count is not None:
            self._declared = (self._declared or 0) + self._batch.count

    def _no_longer_alone(self) -> Iterator[PaymentItem]:
        if self._waiting:
            (transaction, place), self._waiting = self._waiting, None
            yield from self._one_of_several(transaction, place)

    def _one_of_several(self, transaction: BookedTransaction, place: str) -> Iterator[PaymentItem]:
        """A transaction of a batch: its amount is its own."""
        assert self.booking is not None
        if not transaction.amounts:
            self._without_amount += 1
            sentence = "this transaction of a batch does not say its amount in {currency}"
            yield fatal("PAYMENT-AMOUNT-MISSING", sentence, place, currency=self.booking.amount.currency)
            return
        booked = transaction.amounts[0]
        if not booked:
            self._without_amount += 1  # some banks write 0 for what they do not say
            yield warning("PAYMENT-AMOUNT-ZERO", "this entry is of 0: it moves no money", place)
            return
        self._net += self._directed(transaction, booked)
        batch_id = self.booking.reference
        entry_id = self._id_in_batch(transaction, place.rpartition(" ")[2])
        payment = self._payment(transaction, booked, place, entry_id, batch_id)
        self._gross += self._directed(transaction, payment.amount if payment else booked)
        if payment:
            yield from checked_shares(payment)

    def _alone(self, transaction: BookedTransaction, place: str, more_text: str) -> Iterator[PaymentItem]:
        """The only transaction: its amount is the entry's."""
        assert self.booking is not None
        booked = self.booking.amount.amount
        transaction = transaction._replace(is_credit=self.booking.is_credit)
        entry_id = self.booking.reference or transaction.entry_id or self._own_id()
        payment = self._payment(transaction, booked, place, entry_id, "", more_text)
        if payment is None:
            return
        yield from checked_shares(payment)
        said = (transaction.amounts[0] if transaction.amounts else None) or booked
        if said not in (booked, payment.amount):
            sentence = "the transactions of this entry add up to {sum}, and {booked} was booked"
            yield warning("PAYMENT-DETAILS-SUM", sentence, place, sum=said, booked=booked)

    def _rest(self) -> Iterator[PaymentItem]:
        """What the entry has booked and its transactions do not tell of."""
        assert self.booking is not None
        booked = self.booking.amount.amount
        if booked in (self._net, self._gross):
            return
        is_untold = self.booking.is_credit if self._declared is None else self._declared > self._count
        if (self._without_amount or is_untold) and self._net < booked:
            name = self.booking.reference or self._own_id()
            yield from self._lump(booked - self._net, _numbered(name, "rest") if self._net else name, "")
            return
        sentence = "the transactions of this entry add up to {sum}, and {booked} was booked"
        yield warning("PAYMENT-DETAILS-SUM", sentence, self._place, sum=self._net, booked=booked)

    def _without_details(self, more_text: str) -> Iterator[PaymentItem]:
        assert self.booking is not None
        entry_id = self.booking.reference or self._own_id()
        if self._declared != 1 and (self._is_batch or self.booking.code.is_of_batch):
            yield from self._lump(self.booking.amount.amount, entry_id, more_text)
            return
        bare = BookedTransaction(self.booking.is_credit)
        payment = self._payment(bare, self.booking.amount.amount, self._place, entry_id, "", more_text)
        if payment:
            yield payment

    def _lump(self, amount: Decimal, entry_id: str, more_text: str) -> Iterator[PaymentItem]:
        """Several payments of which only the sum is known."""
        assert self.booking is not None
        bare = BookedTransaction(self.booking.is_credit)
        payment = self._payment(bare, amount, self._place, entry_id, self.booking.reference, more_text)
        if payment:
            yield msgspec.structs.replace(payment, is_batch_total=True)

    def _payment(
        self, transaction: BookedTransaction, booked: Decimal, place: str, entry_id: str, batch_id: str, text: str = ""
    ) -> PaymentEntry | None:
        """The payment of a transaction; None when it is the issuer's own business, which is counted."""
        assert self.booking is not None
        kind = kind_of(self.booking, transaction)
        if kind is not None:
            identity = EntryIdentity(entry_id, batch_id, self._statement.account, place, self._order_id)
            return payment_entry(self.booking, transaction, kind, booked, identity, text)
        if self.booking.is_booked:
            self._statement.passed_over += 1
            self._statement.passed_over_net += booked if transaction.is_credit else -booked
        return None

    def _own_id(self) -> str:
        """An id for an entry to which the bank gives none: the same whenever the same statement comes."""
        return _numbered(self._statement.statement_id, str(self._number)) if self._statement.statement_id else ""

    def _id_in_batch(self, transaction: BookedTransaction, number: str) -> str:
        """The id of a transaction of a batch. Some banks give all of them the same reference: then it is numbered."""
        assert self.booking is not None
        told = transaction.entry_id
        if told and told not in self._ids:
            self._ids = (self._ids[0] if self._ids else told, told)
            return told
        return _numbered(told or self.booking.reference or self._own_id(), number)

    def _directed(self, transaction: BookedTransaction, amount: Decimal) -> Decimal:
        """The amount in the entry's direction."""
        assert self.booking is not None
        return amount if transaction.is_credit == self.booking.is_credit else -amount


def _numbered(name: str, number: str) -> str:
    return f"{name}#{number}" if name else ""


def _entry_of(transaction: Element) -> Element:
    """The entry that a transaction is in."""
    return next(transaction.iterancestors("{*}Ntry"))


def _at(element: Element, place: str) -> str:
    """The place of a transaction, with its own line."""
    return f"line {line_of_element(element)}, {place.partition(', ')[2]}"
