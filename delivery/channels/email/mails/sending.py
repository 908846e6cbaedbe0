"""What every e-mail of a job is written with: where its links lead, the moment, the keys that sign them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from delivery.calendar.postal_calendar import Calendar
from delivery.channels.email.email_text import EmailText
from store.public_id import PublicIds
from store.vault.key_ring import KeyRing


class Sending(NamedTuple):
    """Where links lead, the calendar that tells days, the moment, the keys that sign links, and the public ids."""

    public_url: str
    calendar: Calendar
    now: datetime
    keys: KeyRing
    ids: PublicIds

    @property
    def today(self) -> date:
        return self.day_of(self.now)

    def day_of(self, moment: datetime) -> date:
        return self.calendar.day_of(moment)

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self.calendar.time_zone))


#: The address to write to, and the text.
Mail = tuple[str, EmailText]

#: The kind of a job -> what finds its e-mail by the particulars: None when it makes no sense any more, because its
#: person is gone or cannot be e-mailed, or what it would tell holds no longer.
MailsOfJobs = Mapping[str, Callable[[Session, dict[str, Any], Sending], Mail | None]]
