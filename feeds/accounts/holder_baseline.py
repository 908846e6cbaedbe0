"""The baseline of an account: the name and address from which all that follows must still be one person.

A new address alone is a move, a new name alone a marriage; one after the other they can hand an account over to
somebody else. So each statement is compared with the account as it is, and with its baseline too: as it was when
somebody claimed it, when a holder said that it is theirs, or when a person of the issuer's decided (decision 0056).
Without a baseline of its own an account has not changed since.
"""

from datetime import date, timedelta
from typing import Final

from bill import MatchResult, share_given_name
from feeds.accounts.account_side import AccountSide, Buyer, compare_holders, names_a_place, unpack_address

#: Another family name and another address are of one person where a given name stays and so much time lies between.
YEARS_APART: Final = timedelta(days=365)
_SAME: Final = (MatchResult.SAME, MatchResult.SAME)


def has_turned_over(buyer: Buyer, side: AccountSide) -> bool:
    """Whether the account would be another person's than that of its baseline, if it followed this statement. What the
    statement leaves out stays as it is."""
    holder, address = buyer.holder or side.holder, side.address
    if names_a_place(unpack_address(buyer.address)):
        address = buyer.address
    return is_another_person(side, holder, address, buyer.issued)


def is_another_person(side: AccountSide, holder: str, address: bytes, on: date) -> bool:
    """Whether this name and packed address, stated on a day, are not those of the account's baseline: both are others,
    and it is not somebody of the same given name whose last change was a year ago."""
    if side.baseline_holder is None or side.baseline_address is None or side.drifted_on is None:
        return False
    if any(compare_holders(holder, address, side.baseline_holder, side.baseline_address)):
        return False
    return on < side.drifted_on + YEARS_APART or not share_given_name(holder, side.baseline_holder)


def note_drift(side: AccountSide, holder: str, address: bytes, on: date) -> None:
    """Keep the baseline of an account that is about to follow this name and packed address, stated on this day."""
    if (holder, address) == (side.holder, side.address):
        return
    change = compare_holders(holder, address, side.holder, side.address)
    if change == _SAME:
        return
    had_one = side.baseline_holder is not None
    known = (side.baseline_holder if had_one else side.holder) or holder
    known_address = side.address if side.baseline_address is None else side.baseline_address
    if not names_a_place(unpack_address(known_address)):  # an account that was opened without an address
        known_address = address
    drift = compare_holders(holder, address, known, known_address)
    is_accepted = had_one and not any(drift) and not is_another_person(side, holder, address, on)
    if drift == _SAME or is_accepted:  # home again, or one person years apart
        side.baseline_holder = side.baseline_address = side.drifted_on = None
        return
    if side.drifted_on is None or MatchResult.OTHER in change:
        side.drifted_on = on
    side.baseline_holder, side.baseline_address = known, known_address


def whose_it_was(held: AccountSide, other: AccountSide) -> tuple[str, bytes]:
    """Name and packed address that the holder of a number is asked about by, beside another account: those of the
    baseline, where the account as it is bears the other's name or address already."""
    is_drifted = any(compare_holders(other.holder, other.address, held.holder, held.address))
    if is_drifted and held.baseline_holder is not None and held.baseline_address is not None:
        return held.baseline_holder, held.baseline_address
    return held.holder, held.address
