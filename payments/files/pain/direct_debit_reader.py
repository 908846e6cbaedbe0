"""Reads the direct debits that an issuer hands to its bank (pain.008), each as an announced payment."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, Final

from bill import fatal, warning
from bill.payment.payment_entry import PaymentEntry
from payments.files.iso20022.dates import read_day
from payments.files.iso20022.elements import Element, child, line_of_element, local_name_of, text
from payments.files.iso20022.exact_amount import read_amount
from payments.files.iso20022.message_header import read_message_header
from payments.files.iso20022.message_stream import MessageStream
from payments.files.iso20022.parties import read_account, read_party
from payments.files.iso20022.placeholder_identifiers import real_identifier
from payments.files.iso20022.remittance_information import read_remittance
from payments.files.iso20022.share_check import checked_shares
from payments.files.pain.declared_sums import DeclaredSums, read_declared_sums
from payments.files.payment_file import PaymentFile, PaymentItem
from payments.files.payment_file_format import MESSAGES
from untrusted.feed_error import FeedError
from untrusted.value_parsing import NotAValueError

_PARENTS: Final = {"GrpHdr": MESSAGES, "PmtInf": MESSAGES, "DrctDbtTxInf": ("PmtInf",)}
_SCHEME_ID: Final = ("CdtrSchmeId", "Id", "PrvtId", "Othr", "Id")


@dataclass(frozen=True, slots=True)
class _Collection:
    """What all direct debits of one `PmtInf` have in common."""

    payment_id: str
    collected_on: date | None
    account: str
    creditor_id: str
    sequence_type: str
    declared: DeclaredSums


def read_direct_debits(stream: BinaryIO, file: PaymentFile) -> Iterator[PaymentItem]:
    """Yield the direct debits and findings of a pain.008 file, and fill in *file*. Raises FeedError, and NotAValueError
    for a header that cannot be read."""
    message = MessageStream(stream, _PARENTS)
    declared, collection = DeclaredSums(), None
    number = 0
    for event, element in message:
        name = local_name_of(element)
        if event == "start":
            continue
        if name == "GrpHdr":
            read_message_header(element, file)
            declared = read_declared_sums(element)
        elif name == "DrctDbtTxInf":
            number += 1
            place = f"line {line_of_element(element)}, direct debit {number}"
            if collection is None:
                collection = _read_collection(next(element.iterancestors("{*}PmtInf")))
            yield from _read_direct_debit(element, collection, declared, place)
            message.forget(element)
        elif collection is not None:
            yield from collection.declared.findings(f"collection {collection.payment_id}")
            collection = None
            message.forget(element)
    yield from declared.findings("GrpHdr")
    yield from message.findings()


def _read_collection(element: Element) -> _Collection:
    """Raises FeedError for what cannot be read: it is said of every direct debit of the collection."""
    try:
        return _Collection(
            text(element, "PmtInfId"), read_day(element, "ReqdColltnDt"), read_account(child(element, "CdtrAcct")),
        text(element, *_SCHEME_ID), text(element, "PmtTpInf", "SeqTp"), read_declared_sums(element),
        )  # fmt: skip
    except NotAValueError as wrong:
        raise FeedError(wrong.rule, wrong.sentence, f"line {line_of_element(element)}", **wrong.values) from wrong


def _read_direct_debit(
    element: Element, collection: _Collection, declared: DeclaredSums, place: str
) -> Iterator[PaymentItem]:
    for sums in (declared, collection.declared):
        sums.seen += 1
    try:
        payment = _direct_debit(element, collection, place)
    except NotAValueError as wrong:
        yield fatal(wrong.rule, wrong.sentence, place, **wrong.values)
        return
    for sums in (declared, collection.declared):
        sums.seen_total += payment.amount
    if payment.amount:
        yield from checked_shares(payment)
    else:
        yield warning("PAYMENT-AMOUNT-ZERO", "this entry is of 0: it moves no money", place)


def _direct_debit(element: Element, collection: _Collection, place: str) -> PaymentEntry:
    amount = read_amount(element, "InstdAmt")
    if amount is None:
        raise NotAValueError("PAYMENT-AMOUNT-MISSING", "this entry has no amount")
    if collection.collected_on is None:
        raise NotAValueError("PAYMENT-DATE-MISSING", "this direct debit has no collection date (ReqdColltnDt)")
    ids, mandate = child(element, "PmtId"), child(element, "DrctDbtTx")
    debtor, said = read_party(element, "Dbtr"), read_remittance(child(element, "RmtInf"), amount.currency)
    end_to_end_id = real_identifier(text(ids, "EndToEndId"))
    return PaymentEntry(
        kind="announced",
        amount=amount.amount,
        currency=amount.currency,
        booked_on=collection.collected_on,
        entry_id=real_identifier(text(ids, "InstrId")) or end_to_end_id,
        creditor_iban=collection.account,
        debtor_iban=debtor.account,
        debtor_name=debtor.name,
        references=said.references,
        remittance=said.text,
        end_to_end_id=end_to_end_id,
        mandate_id=real_identifier(text(mandate, "MndtRltdInf", "MndtId")),
        place=place,
        shares=said.shares,
        creditor_id=text(mandate, *_SCHEME_ID) or collection.creditor_id,
        sequence_type=text(element, "PmtTpInf", "SeqTp") or collection.sequence_type,
        batch_id=collection.payment_id,
    )
