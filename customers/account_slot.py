"""An account while customer records are merged into what is known of it: what it was before, and what follows for its
letters. Pure."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, tzinfo
from typing import Final

import msgspec

from bill import Finding, MatchResult, PostalAddress, compare_addresses, compare_names, fatal, warning
from bill.customer.customer_record import ADDRESSES, CustomerRecord, StatedAddress, joined_names
from bill.customer.known_customer import MOST_STATEMENTS, Effect, KnownCustomer, address_of, merge_record
from feeds.accounts.account_side import AccountSide, names_a_place
from feeds.accounts.holder_baseline import is_another_person, note_drift

#: The most characters of a name or an address in a message.
_ENOUGH: Final = 60


class AccountSlot:
    """One account with what is *known* of its customer. *mended* is the address that a person has mended here, at
    *mended_at*."""

    def __init__(
        self, side: AccountSide, known: KnownCustomer, zone: tzinfo, mended: bytes | None = None,
        mended_at: datetime | None = None,
    ) -> None:  # fmt: skip
        self.side, self.known, self.before = side, known, known
        self._zone = zone  # the issuer's: its clocks and the dates of its bills are compared by days
        self.mended, self.mended_at = mended, mended_at
        self.is_new = side.id == 0  # the account is opened by what is merged
        self.changed: set[str] = set()  # fields of which something else is known now
        self.is_followed = False  # name, address or date of the account's letters change
        self.is_readdressed = self.is_renamed = False
        self.is_mending_over = False  # the issuer's newer address takes the place of the mended one

    @property
    def address(self) -> PostalAddress:
        """The address that the issuer's bills and files give."""
        return msgspec.msgpack.decode(self.side.address, type=PostalAddress)

    def merge(self, record: CustomerRecord, as_of: datetime, today: date) -> tuple[dict[str, Effect], list[Finding]]:
        """Merge one record. Returns what it did to each field, and findings."""
        before = self.known
        known, effects = merge_record(before, record, as_of)
        if full := [name for name in ADDRESSES if len(getattr(known, name)) > MOST_STATEMENTS]:
            sentence = "more than {most} addresses with days of their own are known of this account: remove some first"
            return {}, [fatal("CUSTOMER-ADDRESSES", sentence, ", ".join(full), most=MOST_STATEMENTS)]
        self.known = known
        self.changed |= {name for name, effect in effects.items() if effect == "changed"}
        findings = [*_told(effects), *_overlaps(before, record, effects)]
        if self.known.clocks.get("names") != before.clocks.get("names"):
            self.follow_names()
        if self.known.address_on("postal_address", today) != before.address_on("postal_address", today):
            findings += self.follow_address(today)
        return effects, findings

    def follow_names(self) -> None:
        """The account's holder is called as the newest of file and bills says."""
        names, clock = self.known.names, self.known.clocks["names"]
        if not names or self._day_of(clock) < self.side.as_of:
            return
        holder = joined_names(names)[:300]
        self.is_renamed |= (
            holder != self.side.holder and compare_names(holder, self.side.holder) is not MatchResult.SAME
        )
        self.is_followed |= (holder, self._day_of(clock)) != (self.side.holder, self.side.as_of)
        note_drift(self.side, holder, self.side.address, self._day_of(clock))
        self.side.holder = holder
        if names_a_place(self.address):
            self.side.as_of = max(self.side.as_of, self._day_of(clock))

    def follow_address(self, today: date, valid_since: date | None = None) -> Iterator[Finding]:
        """The account's letters go to the newest address of file and bills that is valid today, unless a person has
        mended it here since. Yields a finding where the two differ. *valid_since* is the day on which a move or a
        return took place."""
        dated = self.known.address_on("postal_address", today)
        address = address_of(dated)
        if dated is None or dated.stated is None or address is None or not names_a_place(address):
            return
        stated_on = self._day_of(dated.as_of)
        since = max(stated_on, valid_since or stated_on, dated.stated.valid_from or stated_on)
        if since < self.side.as_of:
            return
        packed = msgspec.msgpack.encode(address)
        if is_another_person(self.side, self.side.holder, packed, since):
            return  # a move that was announced before another name came: the next bill asks
        note_drift(self.side, self.side.holder, packed, since)
        is_another = packed != self.side.address
        self.is_readdressed |= is_another and compare_addresses(address, self.address) is not MatchResult.SAME
        self.is_followed |= is_another or since > self.side.as_of
        self.side.address, self.side.as_of = packed, since
        if self.mended is not None:
            yield from self._beside_mended(address, max(dated.as_of, _midnight(since)), is_another=is_another)

    def _day_of(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()

    def _beside_mended(self, address: PostalAddress, as_of: datetime, *, is_another: bool) -> Iterator[Finding]:
        """What a person has mended stays until the issuer says another address later than that."""
        assert self.mended is not None
        ours = msgspec.msgpack.decode(self.mended, type=PostalAddress)
        if compare_addresses(address, ours) is MatchResult.SAME:
            self.mended, self.is_mending_over = None, True
        elif is_another and (self.mended_at is None or as_of > self.mended_at):
            self.mended, self.is_mending_over = None, True
            sentence = "letters go to {address} from now on, and no longer to {mended}, as was mended here before"
            yield warning("CUSTOMER-MENDED-OVER", sentence, "postal_address", **_both(address, ours))
        else:
            sentence = "letters go to {mended}, as was mended here, and not to {address}: say which one it is"
            yield warning("CUSTOMER-MENDED", sentence, "postal_address", **_both(address, ours))


def _told(effects: dict[str, Effect]) -> Iterator[Finding]:
    older = [name for name, effect in effects.items() if effect == "older"]
    tied = [name for name, effect in effects.items() if effect == "tied"]
    if older:
        sentence = "what is known is newer than this record, and stays: {fields}"
        yield warning("CUSTOMER-OLDER", sentence, ", ".join(older), fields=", ".join(older))
    if tied:
        sentence = "another record of the very same moment says something else, and stays: {fields}"
        yield warning("CUSTOMER-TIED", sentence, ", ".join(tied), fields=", ".join(tied))


def _overlaps(before: KnownCustomer, record: CustomerRecord, effects: dict[str, Effect]) -> Iterator[Finding]:
    """A new address whose days cross those of one that was stated before."""
    for name in ADDRESSES:
        new = getattr(record, name)
        if not isinstance(new, StatedAddress) or effects.get(name) != "changed":
            continue
        for each in getattr(before, name):
            if each.stated is not None and each.stated.crosses(new) and each.stated.address != new.address:
                sentence = (
                    "this address is valid {days}, and another {others}: on days of both the later statement counts"
                )
                yield warning("CUSTOMER-OVERLAP", sentence, name, days=_span(new), others=_span(each.stated))


def _span(stated: StatedAddress) -> str:
    begins, ends = (None if day is None else day.isoformat() for day in (stated.valid_from, stated.valid_until))
    return f"{begins or '…'} – {ends or '…'}"


def _both(address: PostalAddress, mended: PostalAddress) -> dict[str, str]:
    return {"address": _spelled(address), "mended": _spelled(mended)}


def _spelled(address: PostalAddress) -> str:
    line = address.line1 or address.line2 or address.line3
    return f"{line}, {address.postcode} {address.city}".strip(" ,")[:_ENOUGH]


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
