"""Reads what a bank says of the orders that an issuer handed to it (pain.002): each refusal as a payment entry, the
other states as counts.

A state is said of the whole message, of one `PmtInf`, or of one order; the nearest counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import BinaryIO, Final

from bill import ZERO, Finding, fatal, warning
from bill.payment.payment_entry import PaymentEntry
from payments.files.iso20022.elements import (
    Element,
    child,
    children,
    code_or_proprietary,
    line_of_element,
    local_name_of,
    text,
)  # fmt: skip
from payments.files.iso20022.exact_amount import read_amount
from payments.files.iso20022.message_header import read_message_header
from payments.files.iso20022.message_stream import MessageStream
from payments.files.iso20022.parties import read_account, read_party
from payments.files.iso20022.placeholder_identifiers import real_identifier
from payments.files.iso20022.remittance_information import read_remittance
from payments.files.payment_file import PaymentFile, PaymentItem
from payments.files.payment_file_format import MESSAGES
from untrusted.value_parsing import NotAValueError, decimal

_REFUSED: Final = "RJCT"
_STATE_LENGTH: Final = 4
_ORIGINAL: Final = "OrgnlTxRef"
_PARENTS: Final = {
    "GrpHdr": MESSAGES, "OrgnlGrpInfAndSts": MESSAGES, "OrgnlPmtInfAndSts": MESSAGES,
    "TxInfAndSts": ("OrgnlPmtInfAndSts", *MESSAGES),
}  # fmt: skip


@dataclass(slots=True)
class _Group:
    """What is said of a whole message or of one `PmtInf` of it."""

    original_id: str = ""
    state: str = ""
    reason: str = ""
    text: str = ""
    count: int | None = None
    total: Decimal | None = None
    refused_declared: int | None = None
    orders: int = 0  # told of
    refused: int = 0  # of them


def read_status_report(stream: BinaryIO, file: PaymentFile) -> Iterator[PaymentItem]:
    """Yield the refusals and findings of a pain.002 file, and fill in *file*. Raises FeedError, and NotAValueError for
    a header that cannot be read."""
    message = MessageStream(stream, _PARENTS)
    report = _StatusReport(file)
    for event, element in message:
        name = local_name_of(element)
        if event == "start":
            continue
        yield from report.read(name, element)
        if name in ("OrgnlPmtInfAndSts", "TxInfAndSts"):
            message.forget(element)
    yield from report.finish()
    yield from message.findings()


class _StatusReport:
    """A report while it is read."""

    def __init__(self, file: PaymentFile) -> None:
        self._file = file
        self._message = _Group()
        self._payment: _Group | None = None
        self._number = 0
        self._day: date | None = None
        self._has_refusals = False

    def read(self, name: str, element: Element) -> Iterator[PaymentItem]:
        """Take a complete element."""
        if name == "GrpHdr":
            created_at = read_message_header(element, self._file)
            self._day = created_at.date() if created_at else None
        elif name == "OrgnlGrpInfAndSts":
            self._message = _read_group(element, "OrgnlMsgId", "GrpSts")
            self._file.original_message_id = self._message.original_id
        elif name == "TxInfAndSts":
            yield from self._order(element)
        elif name == "OrgnlPmtInfAndSts":
            yield from self._end_of_payment(element)

    def finish(self) -> Iterator[PaymentItem]:
        """What is said of the whole message."""
        place = "OrgnlGrpInfAndSts"
        if self._message.state == _REFUSED and not self._has_refusals:
            yield from self._whole(self._message, place)
        yield from _count_findings(self._message, place)

    def _order(self, element: Element) -> Iterator[PaymentItem]:
        self._number += 1
        parent = element.getparent()
        if self._payment is None and parent is not None and local_name_of(parent) == "OrgnlPmtInfAndSts":
            self._payment = _read_group(parent, "OrgnlPmtInfId", "PmtInfSts")
        group = self._payment or self._message
        groups = (self._message, self._payment) if self._payment else (self._message,)
        for each in groups:
            each.orders += 1
        state = text(element, "TxSts") or group.state or self._message.state
        self._count(state, 1)
        if state != _REFUSED:
            return
        self._has_refusals = True
        for each in groups:
            each.refused += 1
        place = f"line {line_of_element(element)}, order {self._number}"
        try:
            yield self._refusal(element, group, place)
        except NotAValueError as wrong:
            yield fatal(wrong.rule, wrong.sentence, place, **wrong.values)

    def _count(self, state: str, orders: int) -> None:
        """Count orders in a state: a code of four letters; any other is counted as none."""
        code = state if len(state) == _STATE_LENGTH and state.isalpha() and state.isascii() else ""
        self._file.state_counts[code] = self._file.state_counts.get(code, 0) + orders

    def _end_of_payment(self, element: Element) -> Iterator[PaymentItem]:
        payment = self._payment or _read_group(element, "OrgnlPmtInfId", "PmtInfSts")
        self._payment = None
        place = f"line {line_of_element(element)}, payment {payment.original_id}"
        if payment.state == _REFUSED and not payment.orders:
            self._has_refusals = True
            yield from self._whole(payment, place)
        yield from _count_findings(payment, place)

    def _whole(self, group: _Group, place: str) -> Iterator[PaymentItem]:
        """A message or `PmtInf` that is refused as a whole: its orders are not told."""
        self._count(_REFUSED, group.count or 1)
        if self._day is None:
            yield fatal("PAYMENT-DATE-MISSING", "this status report has no creation date", place)
            return
        yield PaymentEntry(
            kind="refused", amount=group.total or ZERO, currency="", booked_on=self._day, remittance=group.text,
            original_id=group.original_id, reason=group.reason, place=place, is_batch_total=True,
            batch_id=group.original_id,
        )  # fmt: skip

    def _refusal(self, element: Element, group: _Group, place: str) -> PaymentEntry:
        if self._day is None:
            raise NotAValueError("PAYMENT-DATE-MISSING", "this status report has no creation date")
        original = child(element, _ORIGINAL)
        amount = read_amount(original, "Amt", "InstdAmt") or read_amount(original, "IntrBkSttlmAmt")
        end_to_end_id = real_identifier(text(element, "OrgnlEndToEndId"))
        said = read_remittance(child(original, "RmtInf"), amount.currency if amount else "")
        reason, words = _reason(element)
        return PaymentEntry(
            kind="refused",
            amount=amount.amount if amount else ZERO,
            currency=amount.currency if amount else "",
            booked_on=self._day,
            entry_id=real_identifier(text(element, "StsId")),
            creditor_iban=read_account(child(original, "CdtrAcct")),
            debtor_iban=read_account(child(original, "DbtrAcct")),
            debtor_name=read_party(original, "Dbtr").name,
            references=said.references,
            remittance=said.text or words,
            end_to_end_id=end_to_end_id,
            mandate_id=real_identifier(text(original, "MndtRltdInf", "MndtId"))
            or real_identifier(text(original, "MndtRltdInf", "DrctDbtMndt", "MndtId")),
            original_id=end_to_end_id
            or real_identifier(text(element, "OrgnlInstrId"))
            or real_identifier(text(element, "OrgnlTxId")),
            reason=reason or group.reason or self._message.reason,
            place=place,
            creditor_id=text(original, "CdtrSchmeId", "Id", "PrvtId", "Othr", "Id"),
            sequence_type=text(original, "PmtTpInf", "SeqTp"),
            batch_id=group.original_id,
        )


def _read_group(element: Element, id_name: str, state_name: str) -> _Group:
    reason, words = _reason(element)
    group = _Group(text(element, id_name), text(element, state_name), reason, words)
    count, total = text(element, "OrgnlNbOfTxs"), text(element, "OrgnlCtrlSum")
    group.count = int(decimal(count)) if count else None
    group.total = decimal(total) if total else None
    for each in children(element, "NbOfTxsPerSts"):
        if text(each, "DtldSts") == _REFUSED:
            group.refused_declared = int(decimal(text(each, "DtldNbOfTxs")))
    return group


def _reason(element: Element) -> tuple[str, str]:
    """The code of the first reason, and the words of all."""
    reasons = list(children(element, "StsRsnInf"))
    codes = [code_or_proprietary(child(each, "Rsn")) for each in reasons]
    words = [text(line) for each in reasons for line in children(each, "AddtlInf")]
    return next(filter(None, codes), ""), " ".join(filter(None, words))


def _count_findings(group: _Group, place: str) -> Iterator[Finding]:
    """Yield what is declared of refusals (`NbOfTxsPerSts`) otherwise than they are told."""
    if group.orders and group.refused_declared not in (None, group.refused):
        sentence = "{declared} refusals are declared (NbOfTxsPerSts), and {count} are there"
        declared = group.refused_declared or 0
        yield warning("PAYMENT-COUNT", sentence, place, declared=declared, count=group.refused)
