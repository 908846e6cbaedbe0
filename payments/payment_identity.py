"""What tells one payment from all others: the source's own reference, else everything that it says."""

import hashlib
from collections import Counter
from typing import Final

from bill.payment.payment_entry import PaymentEntry
from bill.payment.payment_reference_key import reference_key

#: Readers number entries to which the bank gives no reference of their own (`STMT-7#3`): another message numbers them
#: otherwise. No bank's reference has this sign (SEPA's characters, EPC217-08).
_NUMBERED: Final = "#"


def payment_identity(entry: PaymentEntry, n: int = 1) -> str:
    """The identity of the *n*-th such entry of one source, 64 hexadecimal digits.

    The same movement in a notice (camt.054) and in the statement (camt.053) has one identity: the bank's reference of
    it with kind and amount or, where the bank gives none, all that both say of it. A direct debit that is ordered again
    is another. Two equal entries in one message are two payments (*n*).
    """
    said: tuple[str, ...]
    if own := bank_reference(entry):
        order = (entry.batch_id,) if entry.kind == "announced" else ()
        said = (entry.kind, own, str(entry.amount.normalize()), entry.currency, *order)
    else:
        said = all_besides_reference(entry)
    return hashlib.sha256("\x1f".join((*said, str(n))).encode()).hexdigest()


def bank_reference(entry: PaymentEntry) -> str:
    """The source's own reference of the movement, in comparable form; "" where it gives none."""
    return "" if _NUMBERED in entry.entry_id else reference_key(entry.entry_id)


def all_besides_reference(entry: PaymentEntry) -> tuple[str, ...]:
    """All that a notice and a statement both say of the movement, besides the bank's reference."""
    return (
        entry.kind, "", str(entry.amount.normalize()), entry.currency, entry.booked_on.isoformat(),
        reference_key(entry.creditor_iban), reference_key(entry.debtor_iban), reference_key(entry.end_to_end_id),
        reference_key(entry.mandate_id), reference_key(entry.original_id), entry.reason,
        *(reference_key(each) for each in entry.references), reference_key(entry.remittance),
    )  # fmt: skip


class PaymentIdentities:
    """Gives the identities of one message's entries, in their order."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def of(self, entry: PaymentEntry) -> str:
        """The identity of the next entry."""
        first = payment_identity(entry)
        self._seen[first] += 1
        return first if self._seen[first] == 1 else payment_identity(entry, self._seen[first])
