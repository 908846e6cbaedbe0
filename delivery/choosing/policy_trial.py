"""Tries a policy on an issuer's bills of the last month: what would have been printed and reminded, beside what is so
by the policy of today. Both are chosen anew by the inputs that were kept; what readers did is taken as it was."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, Literal

import msgspec
from msgspec.structs import replace
from sqlalchemy.orm import Session

from delivery.choosing.choice_inputs import ChoiceInputs, UnknownVersion, unpack_inputs
from delivery.choosing.choose_channel import choose, debit_days
from delivery.choosing.planned_delivery import Choice
from issuers.profile import Profile
from store.bills.channel_choice import FirstChoice, first_choices

#: The days of a month, and the most bills of it that are looked at.
DAYS: Final = 31
MOST_BILLS: Final = 2_000
#: The most bills that are named.
MOST_NAMED: Final = 10

#: at_once: printed as soon as it came. unread: printed since nobody looked in time. read: looked at before. open:
#: neither yet. held: its letter waits for a person.
Ending = Literal["at_once", "unread", "read", "open", "held"]


class BillEnding(msgspec.Struct, frozen=True):
    """What becomes of a bill: how, when its letter goes (None: never), and how many reminders went before it was looked
    at."""

    how: Ending
    letter_at: datetime | None
    reminders: int


class PolicyFigures(msgspec.Struct, frozen=True):
    """What a policy makes of the bills: how many end in each way, and how many reminders go. *letters* cost *price*
    each."""

    endings: dict[Ending, int]
    reminders: int
    price: Decimal

    @property
    def letters(self) -> int:
        """How many bills are printed."""
        return self.endings["at_once"] + self.endings["unread"]

    @property
    def cost(self) -> Decimal:
        """What the letters cost, in EUR."""
        return self.letters * self.price


class ChangedBill(msgspec.Struct, frozen=True):
    """A bill of which another thing becomes by the tried policy."""

    bill_id: int
    number: str
    today: BillEnding
    tried: BillEnding


class PolicyTrial(msgspec.Struct, frozen=True):
    """What was found: of *bills* bills, the newest of the month where *is_part*; *changed* of them end otherwise, of
    which the first are *named*."""

    bills: int
    is_part: bool
    today: PolicyFigures
    tried: PolicyFigures
    changed: int
    named: Sequence[ChangedBill]


def try_policy(session: Session, issuer_id: int, today: Profile, tried: Profile, now: datetime) -> PolicyTrial:
    """Try the policy of a profile on the issuer's bills that were issued in the last month and have a channel."""
    since = (now - timedelta(days=DAYS)).date()
    kept = first_choices(session, issuer_id, since, MOST_BILLS + 1)
    endings = [each for row in kept[:MOST_BILLS] if (each := _endings(row, today, tried, now)) is not None]
    changed = [each for each in endings if each.today != each.tried]
    price = tried.quality.letter_price
    return PolicyTrial(
        bills=len(endings), is_part=len(kept) > MOST_BILLS,
        today=_figures([each.today for each in endings], price),
        tried=_figures([each.tried for each in endings], price),
        changed=len(changed), named=changed[:MOST_NAMED],
    )  # fmt: skip


def _endings(row: FirstChoice, today: Profile, tried: Profile, now: datetime) -> ChangedBill | None:
    try:
        inputs = unpack_inputs(row.inputs, row.version)
    except UnknownVersion:
        return None
    return ChangedBill(
        row.bill_id, row.number,
        today=_ending(choose(inputs_under(inputs, today, today)), row.viewed_at, now),
        tried=_ending(choose(inputs_under(inputs, today, tried)), row.viewed_at, now),
    )  # fmt: skip


def inputs_under(inputs: ChoiceInputs, today: Profile, profile: Profile) -> ChoiceInputs:
    """The inputs with the policy of *profile*. The days before a debit are its own, but where a mandate agreed on
    others than an issuer's bills have *today*."""
    own, days = debit_days(today), inputs.debit_days
    days = debit_days(profile) if days == own else max(days, profile.policy.prenotification_days or 0)
    return replace(inputs, policy=profile.policy, debit_days=days)


def _ending(choice: Choice, viewed_at: datetime | None, now: datetime) -> BillEnding:
    until = now if viewed_at is None else min(viewed_at, now)
    reminders = sum(
        1 for each in choice.deliveries if each.purpose.startswith("remind") and each.due_at <= until
    )  # fmt: skip
    letter = next((each for each in choice.deliveries if each.purpose == "print"), None)
    if letter is None or letter.state == "failed":
        return BillEnding("held", None, reminders)
    if letter.state == "ready":
        return BillEnding("at_once", letter.due_at, reminders)
    if viewed_at is not None and viewed_at <= letter.due_at:
        return BillEnding("read", None, reminders)
    return BillEnding("unread" if letter.due_at <= now else "open", letter.due_at, reminders)


def _figures(endings: Sequence[BillEnding], price: Decimal) -> PolicyFigures:
    counted = Counter(each.how for each in endings)
    by_ending: dict[Ending, int] = {how: counted[how] for how in ("at_once", "unread", "read", "open", "held")}
    return PolicyFigures(by_ending, sum(each.reminders for each in endings), price)
