"""A person's choice of how to hear of an account's bills, and the choices of many people in one query."""

from collections.abc import Collection
from datetime import time
from typing import Final, Literal

from sqlalchemy.orm import Session

from bill.frozen_struct import FrozenStruct
from store.accounts.notice_preference import NoticePreferenceRow, preference_row, preference_rows

NoticeChannel = Literal["email", "sms", "push"]
#: The channels that can be chosen, in the order in which a person is written to.
NOTICE_CHANNELS: Final[tuple[NoticeChannel, ...]] = ("email", "sms", "push")
#: The day of the digest where none was chosen; 0 is Monday.
SATURDAY: Final = 5


class NoticePreference(FrozenStruct, frozen=True):
    """How a person wants to hear of an account's bills; the default is a mail for each, at any hour.

    *channels*: none at all is paper. *digest_day*: of a weekly digest, 0 is Monday. *quiet_from*, *quiet_until*: local
    times of the account's postcode between which no message about bills is sent, or None. *language*: of the messages
    about this account; "" is the person's own.
    """

    channels: tuple[NoticeChannel, ...] = ("email",)
    digest: Literal["each", "weekly"] = "each"
    digest_day: int = SATURDAY
    quiet_from: time | None = None
    quiet_until: time | None = None
    language: str = ""

    @property
    def is_by_email(self) -> bool:
        """Whether this person is told of bills by e-mail."""
        return "email" in self.channels


def preferences_of(
    session: Session, pairs: Collection[tuple[int, int]]
) -> dict[tuple[int, int], NoticePreference]:  # fmt: skip
    """Return the preference of each pair of consumer and account ids: the account's, else the person's for all
    accounts, else the default. One query."""
    rows = preference_rows(session, {pair[0] for pair in pairs}, {pair[1] for pair in pairs}) if pairs else []
    chosen = {(row.consumer_id, row.account_id): preference_in(row) for row in rows}
    default = NoticePreference()
    return {pair: chosen.get(pair) or chosen.get((pair[0], None)) or default for pair in pairs}


def preference_for(session: Session, consumer_id: int, account_id: int | None) -> NoticePreference | None:
    """Return what a person chose for this account alone, or (None) for all; None where they have not."""
    row = preference_row(session, consumer_id, account_id)
    return preference_in(row) if row else None


def preference_in(row: NoticePreferenceRow) -> NoticePreference:
    """Return what a row says. A channel that this version does not know is left out."""
    kept = row.channels.split()
    return NoticePreference(
        channels=tuple(each for each in NOTICE_CHANNELS if each in kept),
        digest="weekly" if row.digest == "weekly" else "each",
        digest_day=row.digest_day,
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        language=row.language,
    )
