"""All that an account's relationship is derived from, as plain data."""

from datetime import date, datetime

from bill import Reason
from bill.frozen_struct import FrozenStruct


class GivenConsent(FrozenStruct, frozen=True):
    """A consent (*act* `paperless`) or a return to paper (`paper`), on which legal basis; of two at one moment the
    higher *n* is the later."""

    at: datetime
    n: int
    act: str
    basis: str = "consent"


class KnownNotice(FrozenStruct, frozen=True):
    """A notice by its kind (`store.accounts.account_notice`)."""

    at: datetime
    n: int
    kind: str


class BillReading(FrozenStruct, frozen=True):
    """What became of a paperless account's bill: read in time, or not read at its deadline. *at* is when that was
    clear."""

    at: datetime
    bill_id: int
    is_read: bool


class AccountHistory(FrozenStruct, frozen=True):
    """One account's history; moments are aware, in the time zone in which days are counted.

    *holders_since*: when each present holder came. *unreached_since*: since when no message reaches any of them; None
    where one does; *unreached_why*: why none does. *invited_at*: when the last letter that bears a claim code
    was handed over. *died_on*, *closed_on*, *paper_by_right* (since *exempt_since*): what the issuer says. *standing*:
    whose the account's number is (`store.accounts.customer_account`). *bereavement*: a person's verdict after a death,
    "" while there is none (`store.accounts.bereavement_decision`).
    """

    consents: tuple[GivenConsent, ...] = ()
    notices: tuple[KnownNotice, ...] = ()
    readings: tuple[BillReading, ...] = ()
    holders_since: tuple[datetime, ...] = ()
    unreached_since: datetime | None = None
    invited_at: datetime | None = None
    died_on: date | None = None
    closed_on: date | None = None
    paper_by_right: str = ""
    exempt_since: datetime | None = None
    standing: str = "own"
    bereavement: str = ""
    unreached_why: Reason = Reason("no_holder_by_email")
