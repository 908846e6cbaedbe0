"""One movement of money towards or from a customer, as a bank statement, a collection's status or an issuer tells it.

Plain data: readers of `payments/` make it, `payments/` matches it with bills.
"""

from datetime import date
from decimal import Decimal
from typing import Literal

import msgspec

#: `received`: a transfer, card or cheque reached the issuer. `collected`: so did a direct debit. `returned`: one of
#: these went back (ISO 20022 return or reversal). `refunded`: the issuer paid the customer. `announced`: a direct debit
#: was handed to the bank, and is no money yet (pain.008). `refused`: the bank executed it not (pain.002 RJCT).
#: `refund_returned`: a refund could not be delivered and came back.
MovementKind = Literal["received", "collected", "returned", "refunded", "announced", "refused", "refund_returned"]


class PaymentShare(msgspec.Struct, frozen=True, kw_only=True):
    """The part of a payment that its payer meant for one document. *amount* is negative for a credit note."""

    reference: str
    amount: Decimal


class PaymentEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One movement. *amount* is positive; *kind* tells its direction. "" where the source does not say.

    *creditor_iban* is the issuer's account, of what was received the one (also a virtual IBAN) that the payer paid to;
    *debtor_iban* and *debtor_name* are the customer's, also of a refund.

    *booked_on* is the bank's booking date (ISO 20022 `BookgDt`), or the date that the issuer gives. *entry_id* is the
    source's own reference of this movement (`AcctSvcrRef`, `TxId`, or the issuer's id), the same in every message that
    tells of it; where the bank gives none, its place in the statement or batch (`STMT-7#3`). *references* are what may
    name bills, best first: structured creditor references (RF, ISO 11649; `CdtrRefInf`), document numbers
    (`RfrdDocInf`), as sent. *remittance* is the free text (`Ustrd`). *original_id* of a return or refusal is the
    *end_to_end_id* or *entry_id* of what it undoes. *reason* is the ISO 20022 external code of a return or refusal
    (`AC04`, `AM04`, `MD06`). *place* says where in the file it stands.

    *is_booked* is False for what is no money yet, or only for information: pending entries, intraday reports
    (camt.052). *is_batch_total*: the amount of several payments of which the bank tells no details. *shares*: how the
    payer divides the amount between documents (several `Strd` with amounts). *charges* is the part of *amount* that a
    bank kept: the account got *amount* less *charges* or, of a return, gave both. *instructed_amount* is what the payer
    ordered in another currency. An `announced` entry has the collection date as *booked_on*, the creditor's SEPA
    identifier and the sequence type (`FRST`, `RCUR`, `FNAL`, `OOFF`). A `refused` one that does not say its amount has
    0. *bank_code* is the bank's transaction code: `PMNT/RCDT/ESCT`, or its own (`NTRF+166`). *batch_id* is the
    reference of the booking (`AcctSvcrRef`) or order (`PmtInfId`) that the entry is part of: a batch total in camt.053
    has it as *entry_id*, the payments in camt.054 as *batch_id*. *order_id* is the order (`PmtInfId`) that a total or a
    payment of a statement is of: the *batch_id* of the direct debits that the order announced.
    """

    kind: MovementKind
    amount: Decimal
    currency: str
    booked_on: date
    entry_id: str = ""
    creditor_iban: str = ""
    debtor_iban: str = ""
    debtor_name: str = ""
    references: tuple[str, ...] = ()
    remittance: str = ""
    end_to_end_id: str = ""
    mandate_id: str = ""
    original_id: str = ""
    reason: str = ""
    place: str = ""
    is_booked: bool = True
    is_batch_total: bool = False
    shares: tuple[PaymentShare, ...] = ()
    charges: Decimal = Decimal(0)
    instructed_amount: Decimal | None = None
    instructed_currency: str = ""
    creditor_id: str = ""
    sequence_type: str = ""
    bank_code: str = ""
    batch_id: str = ""
    order_id: str = ""
