"""The meters that a bill is for: what tells that two bills are for the same one."""

from typing import Final

from bill.bill import Bill
from bill.billing_history import METERED
from bill.matching.account_number_normalisation import number_key
from bill.matching.person_name import fold_name

#: Names of an attribute (BG-32) that holds a meter's or a supply point's number, by their first word.
_NUMBERS: Final = frozenset({
    "compteur", "pdl", "prm", "pce", "meter", "zahler", "zahlernummer", "malo", "ean", "mpan", "mprn", "cups",
})  # fmt: skip
#: Shorter ones are no number of a meter.
_LEAST: Final = 5


def metered_objects(bill: Bill) -> frozenset[str]:
    """The numbers of a bill's meters, written alike: object identifiers (BT-18, BT-128) and attributes that name one.
    Empty for a bill without metered lines."""
    metered = [line for line in bill.lines if line.counts and line.unit.upper() in METERED]
    if not metered:
        return frozenset()
    named = [each.value for each in (bill.object_id, *(line.object_id for line in metered)) if each is not None]
    attributes = [each for line in metered for each in line.attributes]
    named += [each.value for each in attributes if not _NUMBERS.isdisjoint(fold_name(each.name)[:1])]
    keys = {number_key(value) for value in named}
    return frozenset(key for key in keys if len(key) >= _LEAST and any(sign.isdigit() for sign in key))
