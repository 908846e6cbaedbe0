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
MovementKind = Literal["received", "collected", "returned", "refunded", "announced", "refused"]


class PaymentEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One movement. *amount* is positive; *kind* tells its direction. "" where the source does not say.

    *booked_on* is the bank's booking date (ISO 20022 `BookgDt`), or the date that the issuer gives. *entry_id* is the
    source's own reference of this movement (`AcctSvcrRef`, `TxId`, or the issuer's id), the same in every message that
    tells of it. *references* are what may name bills, best first: structured creditor references (RF, ISO 11649;
    `CdtrRefInf`), document numbers (`RfrdDocInf`), as sent. *remittance* is the free text (`Ustrd`). *original_id* of a
    return or refusal is the *end_to_end_id* or *entry_id* of what it undoes. *reason* is the ISO 20022 external code of
    a return or refusal (`AC04`, `AM04`, `MD06`). *place* says where in the file it stands.
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
