"""What an issuer's statement adds to an account's notices: paper by right, a death, the contract's end, another
address."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from customers.account_slot import AccountSlot
from store.accounts.account_notice import AccountNoticeKind, NewNotice

_KINDS: Final[dict[str, AccountNoticeKind]] = {"paper_by_right": "exempt", "died_on": "died", "closed_on": "closed"}


def stated_notices(slot: AccountSlot, by: str, now: datetime) -> Iterator[NewNotice]:
    """Yield the notices of what is known otherwise of this account since its records were merged. *by* names the
    source. What was taken back is no notice."""
    for name, kind in _KINDS.items():
        value = getattr(slot.known, name)
        if name in slot.changed and value:
            yield _stated(slot, kind, by, now, str(value))
    if slot.is_readdressed and not slot.is_new:
        yield _stated(slot, "address_known", by, now)


def _stated(slot: AccountSlot, kind: AccountNoticeKind, by: str, now: datetime, words: str = "") -> NewNotice:
    return NewNotice(account_id=slot.side.id, kind=kind, at=now, by=by, channel="file", basis="statement", words=words)
