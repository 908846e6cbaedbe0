"""What is known of a customer from all that its issuer has said, field by field: the latest by the source's own clock.

The order in which records come does not matter: late, doubled and crossed records end in the same knowledge. Pure.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal, NamedTuple

from msgspec import Struct, field, json
from msgspec.structs import replace

from bill.customer.customer_record import ADDRESSES, CustomerRecord, PaperRight, StatedAddress, said_fields
from bill.postal_address import PostalAddress

#: What a record does to a field: nothing new; another value; it is older than what is known; it says something else of
#: the same moment, and what is known stays.
Effect = Literal["unchanged", "changed", "older", "tied"]


#: Statements of one address that are kept at most: stays and moves to come. Each that is added is compared with all.
MOST_STATEMENTS: Final = 50


class DatedAddress(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An address as stated at one moment; *stated* None: it was removed then."""

    as_of: datetime
    stated: StatedAddress | None = None


class KnownCustomer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The fields of `CustomerRecord`; *clocks* has the moment of each that was ever said, by name."""

    names: tuple[str, ...] | None = None
    postal_address: tuple[DatedAddress, ...] = ()
    delivery_address: tuple[DatedAddress, ...] = ()
    email: str | None = None
    phone: str | None = None
    language: str | None = None
    large_print: bool | None = None
    paper_by_right: PaperRight | None = None
    closed_on: date | None = None
    died_on: date | None = None
    household: str | None = None
    clocks: dict[str, datetime] = field(default_factory=dict)

    @property
    def as_of(self) -> datetime | None:
        """The latest clock of all fields."""
        return max(self.clocks.values(), default=None)

    def address_on(self, name: str, day: date) -> DatedAddress | None:
        """The statement that counts for an address (`postal_address`, `delivery_address`) on this day: the latest that
        is valid. None where nothing was said."""
        dated: Iterable[DatedAddress] = getattr(self, name)
        valid = [each for each in dated if each.stated is None or each.stated.is_valid(day)]
        return max(valid, key=lambda each: each.as_of, default=None)

    def next_change(self, day: date) -> date | None:
        """The next day after this one on which an address begins or has ended; None when there is none."""
        stated = [each.stated for name in ADDRESSES for each in getattr(self, name) if each.stated is not None]
        starts = [each.valid_from for each in stated if each.valid_from is not None]
        ends = [each.valid_until + timedelta(days=1) for each in stated if each.valid_until is not None]
        return min((each for each in (*starts, *ends) if each > day), default=None)


class Merged(NamedTuple):
    """What is known after a record, and what the record did to each field that it says."""

    known: KnownCustomer
    effects: dict[str, Effect]


def merge_record(known: KnownCustomer, record: CustomerRecord, as_of: datetime) -> Merged:
    """Merge one record of this clock (aware) into what is known."""
    values: dict[str, Any] = {}
    clocks, effects = dict(known.clocks), dict[str, Effect]()
    for name, value in said_fields(record):
        if name in ADDRESSES:
            before: tuple[DatedAddress, ...] = getattr(known, name)
            values[name], effects[name] = _add_address(before, DatedAddress(as_of=as_of, stated=value))
            clocks[name] = max(as_of, clocks.get(name, as_of))
            continue
        effects[name] = _effect(getattr(known, name), clocks.get(name), value, as_of)
        if name not in clocks or as_of > clocks[name]:
            values[name], clocks[name] = value, as_of
    return Merged(replace(known, **values, clocks=clocks), effects)


def merge_known(known: KnownCustomer, other: KnownCustomer) -> KnownCustomer:
    """Merge what is known of two accounts that are joined: of each field the later one."""
    values: dict[str, Any] = {}
    clocks = dict(known.clocks)
    for name, as_of in other.clocks.items():
        if name in ADDRESSES:
            merged: tuple[DatedAddress, ...] = getattr(known, name)
            for each in getattr(other, name):
                merged, _ = _add_address(merged, each)
            values[name] = merged
        elif name not in clocks or as_of > clocks[name]:
            values[name] = getattr(other, name)
        clocks[name] = max(as_of, clocks.get(name, as_of))
    return replace(known, **values, clocks=clocks)


def _effect(before: Any, known_at: datetime | None, value: Any, as_of: datetime) -> Effect:
    if before == value:
        return "unchanged"
    if known_at is None or as_of > known_at:
        return "changed"
    return "tied" if as_of == known_at else "older"


def _add_address(before: tuple[DatedAddress, ...], new: DatedAddress) -> tuple[tuple[DatedAddress, ...], Effect]:
    """Add a statement, and drop those that no day is left for. Returns the statements by their clocks."""
    same = next((each for each in before if each.as_of == new.as_of), None)
    if same is not None:
        return before, "unchanged" if same == new else "tied"
    later = [each for each in before if each.as_of > new.as_of]
    if any(_covers(each, new) for each in later):
        return before, "unchanged" if later[-1].stated == new.stated else "older"
    earlier = [each for each in before if each.as_of < new.as_of]
    says_the_same = (bool(earlier) and earlier[-1].stated == new.stated) or (not earlier and new.stated is None)
    kept = [each for each in earlier if not _covers(new, each)]
    return (*kept, new, *later), "unchanged" if says_the_same else "changed"


def _covers(later: DatedAddress, earlier: DatedAddress) -> bool:
    """Whether a later statement counts on every day from its own on that an earlier one is valid."""
    if later.stated is None:
        return True
    begins = later.stated.valid_from
    earlier_begins = None if earlier.stated is None else earlier.stated.valid_from
    has_begun = (
        begins is None or begins <= later.as_of.date() or (earlier_begins is not None and begins <= earlier_begins)
    )
    ends, earlier_ends = later.stated.valid_until, None if earlier.stated is None else earlier.stated.valid_until
    lasts = ends is None or (earlier_ends is not None and earlier_ends <= ends)
    return has_begun and lasts


def pack_known(known: KnownCustomer) -> bytes:
    """What is known, as JSON, in which a field may be added later."""
    return json.encode(known)


def unpack_known(content: bytes) -> KnownCustomer:
    """What `pack_known` packed."""
    return json.decode(content, type=KnownCustomer)


def address_of(dated: DatedAddress | None) -> PostalAddress | None:
    """The address of a statement; None where nothing was said, or it was removed."""
    return None if dated is None or dated.stated is None else dated.stated.address
