"""Which bills a payment names: by reference, end-to-end id, free text or mandate."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from bill.payment.payment_entry import PaymentEntry
from bill.payment.payment_reference_key import reference_key, reference_keys, text_keys
from payments.matching.demand import Demand

#: A key of fewer characters in free text may be a date or an amount: it names a bill only with the bill's amount.
SURE_IN_TEXT: Final = 6
#: Four digits that are no year.
_LONG_NUMBER: Final = re.compile(r"(?<![0-9])(?!(?:19|20)[0-9]{2}(?![0-9]))[0-9]{4}")
#: Days between a collection's date and the due date of its bill.
_DAYS_OF_COLLECTION: Final = 7


class NamedBills(NamedTuple):
    """The bills that a payment names, in the order in which it names them, and *by* what (`movement.NAMED_BY`)."""

    bills: tuple[Demand, ...] = ()
    by: str = ""


class Demands:
    """The bills in question, found by what payers may call them."""

    def __init__(self, demands: Iterable[Demand], announced: Mapping[str, frozenset[int]] | None = None) -> None:
        self.by_id = {each.bill_id: each for each in demands}
        self._announced = announced or {}
        self._by_key: dict[str, list[Demand]] = defaultdict(list)
        self._by_mandate: dict[str, list[Demand]] = defaultdict(list)
        self._stood_for: dict[int, list[Demand]] = defaultdict(list)
        for _, each in sorted(self.by_id.items()):
            if self.standing(each) is not each:
                self._stood_for[self.standing(each).bill_id].append(each)
            for key in each.keys:
                self._by_key[key].append(each)
            for mandate in each.mandates:
                self._by_mandate[mandate].append(each)

    def announcing(self, announced: Mapping[str, frozenset[int]]) -> "Demands":
        """The same bills, with the bills that collections announced, by end-to-end id."""
        return Demands(self.by_id.values(), announced)

    def standing(self, demand: Demand) -> Demand:
        """The one corrective that stands in this bill's place, or the bill itself."""
        return self.by_id.get(demand.replaced_by[0], demand) if len(demand.replaced_by) == 1 else demand

    def is_of_amount(self, demand: Demand, amount: Decimal) -> bool:
        """Whether a bill asks just this amount, or did when it was issued, or what it corrects did."""
        stood_for = self._stood_for.get(demand.bill_id, ())
        return amount in {demand.asks, demand.amount_seen} or any(amount == each.amount_seen for each in stood_for)

    def under(self, key: str) -> list[Demand]:
        """The bills that payers may call so."""
        return self._by_key.get(key, [])

    def named_by(self, entry: PaymentEntry) -> NamedBills:
        """The bills that an entry names, by the surest of its references; several bills of one number-like key are no
        name."""
        written = (*entry.references, *(share.reference for share in entry.shares))
        if found := self._each_under(written):
            return NamedBills(found, "reference")
        if found := self._of_end_to_end_id(entry):
            return NamedBills(found, "end_to_end")
        if found := self._in_text(entry):
            return NamedBills(found, "text")
        if found := self._under_mandate(entry):
            return NamedBills(found, "mandate")
        return NamedBills()

    def of_reference(self, written: str) -> Demand | None:
        """The one bill of this reference, or the corrective in its place; None if there is none or several."""
        return self._only(each for key in reference_keys(written) for each in self.under(key))

    def _only(self, demands: Iterable[Demand]) -> Demand | None:
        """The one bill that stands for all of these; one that was withdrawn only where there is no other."""
        found = {(one := self.standing(each)).bill_id: one for each in demands}
        standing = [each for each in found.values() if not each.is_withdrawn] or list(found.values())
        return standing[0] if len(standing) == 1 else None

    def accounts_named_by(self, entry: PaymentEntry) -> frozenset[int]:
        """The accounts whose bills all bear a reference that the entry gives: a customer's number, say."""
        written = [key for each in entry.references for key in reference_keys(each)]
        found = [self.under(key) for key in (*written, *(key for key, _, _ in text_keys(entry.remittance)))]
        many = [{each.account_id for each in bills} for bills in found if len(bills) > 1]
        return frozenset(account for accounts in many if len(accounts) == 1 for account in accounts)

    def _each_under(self, written: Iterable[str]) -> tuple[Demand, ...]:
        found = {one.bill_id: one for each in written if (one := self.of_reference(each))}
        return tuple(found.values())

    def _of_end_to_end_id(self, entry: PaymentEntry) -> tuple[Demand, ...]:
        key = reference_key(entry.end_to_end_id)
        if not key:
            return ()
        known = self._announced.get(key, frozenset())
        return tuple(self.by_id[each] for each in sorted(known) if each in self.by_id) or self._each_under([key])

    def _in_text(self, entry: PaymentEntry) -> tuple[Demand, ...]:
        """The bills whose keys stand in the free text; of keys that overlap, the longest."""
        standing = [(key, first, after) for key, first, after in text_keys(entry.remittance) if self.of_reference(key)]
        longest = sorted(standing, key=lambda each: (each[1] - each[2], each[1], each[0]))
        taken: set[int] = set()
        found: dict[int, Demand] = {}
        for key, first, after in longest:
            if not taken.isdisjoint(range(first, after)):
                continue
            one = self.of_reference(key)
            if one is not None and (len(key) >= SURE_IN_TEXT or self.is_of_amount(one, entry.amount)):
                taken.update(range(first, after))
                found[one.bill_id] = one
        return tuple(found.values())

    def _under_mandate(self, entry: PaymentEntry) -> tuple[Demand, ...]:
        """The one bill of this mandate that asks just this amount, or did when it was issued, near this day."""
        of_mandate = self._by_mandate.get(reference_key(entry.mandate_id), ())
        near = [
            each
            for each in of_mandate
            if abs((entry.booked_on - (each.due or each.issued)).days) <= _DAYS_OF_COLLECTION
        ]
        asking = [each for each in near if each.asks == entry.amount]
        one = self._only(asking or [each for each in near if each.amount_seen == entry.amount])
        return () if one is None else (one,)


def names_something(entry: PaymentEntry) -> bool:
    """Whether the payer gave anything that looks like a reference, whether or not we know it. End-to-end ids do not
    count: banks invent them."""
    written = (*entry.references, *(share.reference for share in entry.shares))
    keys = [key for key, _, _ in text_keys(entry.remittance)]
    return (
        any(reference_key(each) for each in written)
        or any(sum(sign.isdigit() for sign in key) >= SURE_IN_TEXT - 1 for key in keys)
        or any(_LONG_NUMBER.search(key) for key in keys)
    )
