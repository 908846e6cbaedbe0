"""Choose: how each bill reaches its person, by which channel, when, and why in words.

`choose` is pure. Whoever does without paper is told by e-mail and finds the bill in the portal; if nobody has looked
at it by the last cut-off from which a letter still comes in time, it is printed. Everybody else gets paper.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bill.bill import CREDIT_NOTE_TYPES
from delivery.calendar import MORNING, Calendar
from delivery.deadline import Facts, last_cut_off
from delivery.words import spell_day
from issuers.profile import Policy
from issuers.registry import profile_of
from store.account import CustomerAccount
from store.bill import BillRow
from store.consumer import holders_of
from store.delivery import THE_ADDRESSEE, owe
from store.event import record_all
from store.issuer import Issuer

#: Letters join the batch a while before its cut-off, so that one that wakes late does not miss it.
JOINING: Final = timedelta(hours=1)

PAPER: Final = "paper"
PORTAL: Final = "portal"


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """A consumer who holds the account; *can_be_mailed*: the address is confirmed, and no mail bounced there."""

    person_id: int
    can_be_mailed: bool = True


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that is to be owed: not before *due_at*, and then (`waiting`) only if nothing has cancelled it."""

    person_id: int
    channel: Literal["portal", "email", "paper"]
    purpose: str
    state: Literal["ready", "waiting"]
    due_at: datetime
    reason: str


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """All that is owed for a bill, and the channel by which it reaches its person."""

    channel: Literal["portal", "paper"]
    deliveries: tuple[Planned, ...]


def choose(
    bill: Facts, *, paperless: bool, holders: Sequence[Holder], policy: Policy, calendar: Calendar, now: datetime
) -> Choice:
    """How a bill reaches the person of an account that these consumers hold. Reasons are in French."""
    mailable = [holder for holder in holders if holder.can_be_mailed]
    present = [_present(holder, now) for holder in holders]
    if not holders:
        return _on_paper(present, "personne n’a encore réclamé ce compte", now)
    if not paperless:
        return _on_paper(present, "le compte est suivi en ligne, ses factures restent sur papier", now)
    if not mailable:
        return _on_paper(present, "sans papier, mais aucun de ses titulaires ne peut recevoir de courriel", now)
    notices = [_notice(holder, now) for holder in mailable]
    cut_off = last_cut_off(bill, policy, calendar, now)
    if cut_off <= now:
        return _on_paper([*present, *notices], "sans papier, mais il est trop tard pour attendre une lecture", now)
    reminders = _reminders(mailable, policy, calendar, now, cut_off)
    why = f"sans papier : par la poste si personne ne l’a vue le {spell_day(calendar.day_of(cut_off))}"
    letter = _letter("waiting", max(cut_off - JOINING, now), why)
    return Choice(channel=PORTAL, deliveries=(*present, *notices, *reminders, letter))


def _on_paper(others: Sequence[Planned], why: str, now: datetime) -> Choice:
    return Choice(channel=PAPER, deliveries=(*others, _letter("ready", now, why)))


def _letter(state: Literal["ready", "waiting"], due_at: datetime, why: str) -> Planned:
    return Planned(
        person_id=THE_ADDRESSEE, channel="paper", purpose="print", state=state, due_at=due_at, reason=why
    )  # fmt: skip


def _present(holder: Holder, now: datetime) -> Planned:
    why = "titulaire du compte : la facture est dans son espace"
    return Planned(
        person_id=holder.person_id, channel="portal", purpose="present", state="ready", due_at=now, reason=why
    )  # fmt: skip


def _notice(holder: Holder, now: datetime) -> Planned:
    why = "compte sans papier : annoncée par courriel"
    return Planned(
        person_id=holder.person_id, channel="email", purpose="notify", state="ready", due_at=now, reason=why
    )  # fmt: skip


def _reminders(
    holders: Sequence[Holder], policy: Policy, calendar: Calendar, now: datetime, cut_off: datetime
) -> list[Planned]:
    """So many working days after the notice, in the morning; none once the letter is on its way."""
    planned = []
    for n, days in enumerate(sorted(set(policy.remind_after_days)), 1):
        due_at = calendar.at(calendar.days_after(calendar.day_of(now), days), MORNING)
        if not now < due_at < cut_off:
            continue
        why = f"rappel {n} : {days} jours ouvrés après l’annonce, si personne ne l’a vue"
        planned += [
            Planned(
                person_id=holder.person_id, channel="email", purpose=f"remind-{n}", state="waiting", due_at=due_at,
                reason=why,
            )
            for holder in holders
        ]  # fmt: skip
    return planned


def choose_bills(session: Session, rows: Sequence[BillRow], now: datetime, calendar: Calendar | None = None) -> None:
    """Owe the deliveries of these rendered bills, and move them to chosen with their channel."""
    calendar = calendar or Calendar()
    accounts = _accounts(session, {row.account_id for row in rows})
    policies = _policies(session, {row.issuer_id for row in rows})
    holders = holders_of(session, accounts)
    owed: list[dict[str, object]] = []
    ways: dict[str, list[int]] = {PORTAL: [], PAPER: []}
    for row in rows:
        choice = choose(
            _facts(row, calendar),
            paperless=accounts[row.account_id].paperless,
            holders=[
                Holder(person_id=who.id, can_be_mailed=who.can_be_mailed) for who in holders.get(row.account_id, [])
            ],
            policy=policies[row.issuer_id],
            calendar=calendar,
            now=now,
        )
        owed += [{"bill_id": row.id, "made_at": now, **msgspec.structs.asdict(each)} for each in choice.deliveries]
        ways[choice.channel].append(row.id)
    owe(session, owed)
    for channel, ids in ways.items():
        chosen = update(BillRow).where(BillRow.id.in_(ids), BillRow.state == "rendered")
        session.execute(chosen.values(state="chosen", channel=channel))
        record_all(session, "bill", ids, "chosen", now, why=channel)


def _facts(row: BillRow, calendar: Calendar) -> Facts:
    is_credit = row.type_code in CREDIT_NOTE_TYPES
    return Facts(
        issued=row.issue_date,
        received=calendar.day_of(row.received_at),
        due=row.due_date,
        is_to_pay=row.to_pay > 0,
        is_collected=not is_credit and row.payable > 0 and row.to_pay == 0,
    )


def _accounts(session: Session, ids: set[int]) -> dict[int, CustomerAccount]:
    return {each.id: each for each in session.scalars(select(CustomerAccount).where(CustomerAccount.id.in_(ids)))}


def _policies(session: Session, issuer_ids: set[int]) -> dict[int, Policy]:
    issuers = session.scalars(select(Issuer).where(Issuer.id.in_(issuer_ids)))
    return {issuer.id: profile_of(issuer).policy for issuer in issuers}
