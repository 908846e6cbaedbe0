"""Chooses the channel of each rendered bill, portal or paper, and plans its deliveries.

`choose` is pure. A paperless account is notified and its bill stands in the portal; if nobody has seen it by the last
cut-off from which a letter still arrives in time, it is printed. Every other account gets paper. Each delivery carries
its reason. A look-up that fails raises and changes nothing, so that the chunk is tried again: an error neither prints
nor leaves paper out.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec
from msgspec.structs import replace
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bill import AmountDue, PostalAddress, Reason
from consumers.mandate_wording import agreed_days_of
from delivery.bereavement_reasons import kept_after_death
from delivery.calendar.french_region import region_of
from delivery.calendar.post_days import destination_of
from delivery.calendar.postal_calendar import Calendar
from delivery.calendar.region_time_zone import time_zone_of
from delivery.channels.paper.address_obstacles import address_suppressed
from delivery.channels.paper.letter_address import estate_address
from delivery.choosing.choice_inputs import VERSION, ChoiceInputs, pack_inputs
from delivery.choosing.planned_delivery import Choice, Holder, PlannedDelivery
from delivery.choosing.print_deadline import BillFacts, last_cut_off
from delivery.choosing.reading_history import reading_histories
from delivery.choosing.risk_score import ReadingHistory, Risk, risk_of, risk_weights
from delivery.delivery_articles import with_articles
from delivery.law.sector_law import law_of
from delivery.notices.notice_moment import notice_moment
from delivery.notices.notice_preference import NoticeChannel, NoticePreference, preferences_of
from delivery.notices.working_channels import reaching, why_unreached, working_channels
from delivery.relationship.account_relationships import relationships_of
from delivery.reminders.bill_reminders import (
    OVER,
    instalment_days,
    instalment_reminders,
    stop_reminders,
    unread_reminders,
)
from delivery.reminders.disputed_bills import reminders_wait_until
from issuers.profile import Policy, Profile
from issuers.registry import profile_of
from payments.amounts_due import amounts_due
from store.accounts.address_suppression import AddressSuppression, suppression_among, suppressions_of
from store.accounts.bereavement_decision import BereavementDecision
from store.accounts.consumer import Consumer, holders_of
from store.accounts.customer_account import CustomerAccount
from store.accounts.withdrawal import withdrawals_of
from store.bills.bill import BillRow
from store.bills.bill_enquiry import disputes_of_bills
from store.bills.channel_choice import keep_choices
from store.customers.customer_reference import references_of
from store.db.event import record_all
from store.delivery import THE_ADDRESSEE, create_deliveries
from store.issuer import Issuer
from store.payments.debit_mandate import DebitMandate, mandates_in_force

#: Letters become ready this long before the cut-off, so that one promoted late does not miss it.
JOINING: Final = timedelta(hours=1)

#: Why a bill is announced by another channel than e-mail.
_ANNOUNCED: Final = {"sms": Reason("announced_by_sms"), "push": Reason("announced_by_push")}

PAPER: Final = "paper"
PORTAL: Final = "portal"


def choose(inputs: ChoiceInputs, policy: Policy | None = None) -> Choice:
    """Plan the deliveries of one bill by these inputs, which may have been kept; with another *policy* than theirs
    where one is given. Pure.

    Paper goes only for a reason that is known, and is left out only on consent. Returns the channel and every planned
    delivery with its reason.
    """
    present = [_present(holder, inputs.now) for holder in inputs.holders]
    if inputs.holder_died and (bereaved := _after_death(inputs, present)) is not None:
        return bereaved
    if why := _why_paper(inputs):
        return _on_paper(inputs, present, why)
    policy = policy or inputs.policy
    choice = _on_line(inputs, policy, present)
    if inputs.disputed_at is None:
        return choice
    return replace(choice, reminders_wait_until=reminders_wait_until(policy, inputs.disputed_at))


def _after_death(inputs: ChoiceInputs, present: Sequence[PlannedDelivery]) -> Choice | None:
    """Plan a dead customer's bill as a person decided, or hold its letter until one does; None where a person decided
    that the customer is alive."""
    decision = inputs.bereavement
    if decision is None:
        held = _letter("failed", inputs.now, Reason("holder_died"))
        return Choice(channel=PAPER, deliveries=(*present, held))
    if decision.verdict == "estate":
        return _on_paper(inputs, present, Reason("letter_to_estate"))
    if decision.verdict == "held":
        kept = _letter("failed", inputs.now, kept_after_death(decision))
        return Choice(channel=PAPER, deliveries=(*present, replace(kept, decided_by=decision.by)))
    return None


def _why_paper(inputs: ChoiceInputs) -> Reason | None:
    """Return the reason for which the bill goes on paper at once, whatever its dates, or None."""
    if inputs.is_provisional:
        return Reason("account_in_question")
    if not inputs.holders:
        return Reason("account_unclaimed")
    if inputs.has_paper_right or inputs.relationship == "EXEMPT":
        return Reason("paper_by_right")
    if not inputs.paperless:
        return Reason("paper_after_withdrawal") if inputs.has_withdrawn else Reason("paper_kept")
    if any(holder.channels for holder in inputs.holders):
        return None
    return why_unreached((holder.can_be_mailed, holder.preference) for holder in inputs.holders)


def _on_line(inputs: ChoiceInputs, policy: Policy, present: Sequence[PlannedDelivery]) -> Choice:
    """Plan the notices of a bill without paper, its reminders, and the letter that leaves if nobody sees it in time."""
    bill, now, calendar = inputs.bill, inputs.now, inputs.calendar
    reached = [holder for holder in inputs.holders if holder.channels]
    channels = len({channel for holder in reached for channel in holder.channels})
    risk = risk_of(inputs.history, channels, inputs.relationship, calendar.day_of(now))
    is_risky = risk.is_at_risk and not _is_trial_without_payment(inputs, risk)
    cut_off = last_cut_off(bill, policy, calendar, now, is_risky=is_risky, debit_days=inputs.debit_days)
    notices = [_notice(holder, inputs, cut_off) for holder in reached]
    reader = calendar.at_reader(bill.time_zone, bill.region)
    parts = instalment_reminders(reached, bill.instalments, reader, now)
    if cut_off <= now:
        why = Reason("too_late_for_risk") if is_risky else Reason("too_late_to_wait")
        return _on_paper(inputs, [*present, *notices, *parts], why, risk)
    if not risk.is_at_risk:  # the days to read begin when the first of them is told
        first_told = min(notice.due_at for notice in notices)
        cut_off = max(cut_off, last_cut_off(bill, policy, calendar, first_told, debit_days=inputs.debit_days))
    asks = bill.is_to_pay and not bill.is_over
    told = [(holder, notice.due_at) for holder, notice in zip(reached, notices, strict=True)]
    reminders = unread_reminders(told, policy, reader, cut_off) if asks else []
    why = Reason.of("printed_if_unread", day=calendar.day_of(cut_off).isoformat())
    letter = _letter("waiting", max(cut_off - JOINING, now), why)
    return Choice(channel=PORTAL, deliveries=(*present, *notices, *reminders, *parts, letter), risk=risk)


def _is_trial_without_payment(inputs: ChoiceInputs, risk: Risk) -> bool:
    """Whether nothing but a trial makes this account risky, and the bill leaves its reader nothing to do: whoever has
    just asked for no paper is not sent a letter at once for a bill that is collected."""
    is_trial = inputs.relationship == "DIGITAL_TRIAL" and risk.score < risk_weights().at_risk_from
    return is_trial and not inputs.bill.is_to_pay


def _on_paper(
    inputs: ChoiceInputs, others: Sequence[PlannedDelivery], why: Reason, risk: Risk | None = None
) -> Choice:  # fmt: skip
    """Plan a letter that leaves at once; it is held from the beginning where mail came back from its address."""
    held = inputs.address_suppressed
    letter = _letter("ready", inputs.now, why) if held is None else _letter("failed", inputs.now, held)
    return Choice(channel=PAPER, deliveries=(*others, letter), risk=risk)


def _letter(state: Literal["ready", "waiting", "failed"], due_at: datetime, why: Reason) -> PlannedDelivery:
    return PlannedDelivery(
        person_id=THE_ADDRESSEE, channel="paper", purpose="print", state=state, due_at=due_at, reason=why
    )  # fmt: skip


def _present(holder: Holder, now: datetime) -> PlannedDelivery:
    return PlannedDelivery(
        person_id=holder.person_id, channel="portal", purpose="present", state="ready", due_at=now,
        reason=Reason("shown_to_holder"),
    )  # fmt: skip


def _notice(holder: Holder, inputs: ChoiceInputs, cut_off: datetime) -> PlannedDelivery:
    """Plan the notice at the moment that its reader chose: at once, after the quiet hours, or with the next digest,
    which is e-mail's."""
    now, calendar = inputs.now, inputs.calendar
    preference = holder.preference if holder.channels[0] == "email" else replace(holder.preference, digest="each")
    moment = notice_moment(preference, now, inputs.bill, calendar, cut_off, inputs.debit_days)
    return PlannedDelivery(
        person_id=holder.person_id, channel=holder.channels[0], purpose="notify",
        state="waiting" if moment.at > now else "ready", due_at=moment.at,
        reason=_ANNOUNCED.get(holder.channels[0], moment.reason),
    )  # fmt: skip


def choose_bills(session: Session, rows: Sequence[BillRow], now: datetime, calendar: Calendar | None = None) -> None:
    """Create the deliveries of these rendered bills and move the bills to `chosen` with their channel. Also cancels the
    reminders of earlier bills that these credit or replace."""
    calendar = calendar or Calendar()
    planned: list[dict[str, object]] = []
    by_channel: dict[str, list[int]] = {PORTAL: [], PAPER: []}
    kept: list[dict[str, object]] = []
    collected: set[int] = set()
    for row, inputs in inputs_of(session, rows, now, calendar):
        choice = choose(inputs)
        kept.append(choice_row(row, inputs, choice))
        planned += [
            {"bill_id": row.id, "issuer_id": row.issuer_id, "made_at": now, **msgspec.structs.asdict(each)}
            for each in choice.deliveries
        ]
        by_channel[choice.channel].append(row.id)
        collected |= {row.id} if inputs.bill.is_collected else set()
    create_deliveries(session, with_articles(session, planned, collected))
    keep_choices(session, kept)
    for channel, ids in by_channel.items():
        chosen = update(BillRow).where(BillRow.id.in_(ids), BillRow.state == "rendered")
        session.execute(chosen.values(state="chosen", channel=channel))
        record_all(session, "bill", ids, "chosen", now, why=Reason.of("chosen", channel=channel))
    stop_reminders(session, rows, now, calendar.day_of(now))


def choice_row(row: BillRow, inputs: ChoiceInputs, choice: Choice) -> dict[str, object]:
    """Return the choice and what it was decided by, as column values."""
    return {
        "bill_id": row.id, "at": inputs.now, "channel": choice.channel, "relationship": inputs.relationship,
        "version": VERSION, "inputs": pack_inputs(inputs),
    }  # fmt: skip


def inputs_of(
    session: Session, rows: Sequence[BillRow], now: datetime, calendar: Calendar
) -> Iterator[tuple[BillRow, ChoiceInputs]]:
    """Yield each bill with what its channel is chosen by: the present state of its account, holders and amount due, and
    its issuer's policy."""
    amounts = amounts_due(session, rows, calendar.day_of(now))
    accounts = _accounts(session, {row.account_id for row in rows})
    profiles = _profiles(session, {row.issuer_id for row in rows})
    holders = holders_of(session, accounts)
    references = references_of(session, accounts)
    mandates = mandates_in_force(session, accounts)
    suppressed = suppressions_of(session, accounts)
    disputes = disputes_of_bills(session, [row.id for row in rows])
    withdrawn = withdrawals_of(session, [each.id for each in accounts.values() if not each.paperless])
    preferences = preferences_of(
        session, {(who.id, account_id) for account_id, held in holders.items() for who in held}
    )
    works = working_channels(
        session,
        [(who, preferences[who.id, account_id]) for account_id, held in holders.items() for who in held],
    )
    on_line = {each.id for each in accounts.values() if each.paperless and each.id in holders}
    histories = reading_histories(session, on_line, now, calendar)
    relationships = relationships_of(session, on_line, now, calendar) if on_line else {}
    for row in rows:
        account = accounts[row.account_id]
        holding, reference = holders.get(account.id, []), references.get(account.id)
        inputs = ChoiceInputs(
            bill=_facts(row, amounts[row.id], calendar, account.postal_address),
            paperless=account.paperless,
            is_provisional=account.standing == "provisional",
            holders=tuple(_holder(who, preferences[who.id, account.id], works[who.id]) for who in holding),
            policy=profiles[row.issuer_id].policy,
            calendar=calendar,
            now=now,
            has_paper_right=reference is not None and bool(reference.paper_by_right),
            holder_died=reference is not None and reference.died_on is not None,
            relationship=relationships[account.id].state if account.id in relationships else "",
            history=histories.get(account.id, ReadingHistory()),
            debit_days=debit_days(profiles[row.issuer_id], mandates.get(account.id)),
            has_withdrawn=account.id in withdrawn,
            bereavement=_bereavement(account),
            address_suppressed=_suppressed(account, suppressed.get(account.id, ())),
            disputed_at=disputes.get(row.id),
        )
        yield row, inputs


def _facts(row: BillRow, due: AmountDue, calendar: Calendar, address: PostalAddress) -> BillFacts:
    place = address.french_postcode, address.country
    return BillFacts(
        issued=row.issue_date,
        received=calendar.day_of(row.received_at),
        due=due.due or row.due_date,
        is_to_pay=due.is_asking,
        is_collected=due.is_collected,
        is_over=due.kind in OVER,
        instalments=tuple(instalment_days(row.demand.instalments)) if due.is_asking else (),
        region=region_of(*place),
        destination=destination_of(*place),
        time_zone=time_zone_of(*place),
    )


def _bereavement(account: CustomerAccount) -> BereavementDecision | None:
    decision = account.bereavement_decision
    return None if decision is None else replace(decision, address=None)


def _suppressed(account: CustomerAccount, suppressions: Sequence[AddressSuppression]) -> Reason | None:
    found = suppression_among(suppressions, estate_address(account) or account.postal_address)
    return None if found is None else address_suppressed(found.reason, found.at)


def _accounts(session: Session, ids: set[int]) -> dict[int, CustomerAccount]:
    return {each.id: each for each in session.scalars(select(CustomerAccount).where(CustomerAccount.id.in_(ids)))}


def _holder(consumer: Consumer, preference: NoticePreference, works: Collection[NoticeChannel]) -> Holder:
    others = tuple(each for each in reaching(preference, works) if each != "email")
    return Holder(person_id=consumer.id, can_be_mailed=consumer.can_be_mailed, others=others, preference=preference)


def _profiles(session: Session, issuer_ids: set[int]) -> dict[int, Profile]:
    issuers = session.scalars(select(Issuer).where(Issuer.id.in_(issuer_ids)))
    return {issuer.id: profile_of(issuer) for issuer in issuers}


def debit_days(profile: Profile, mandate: DebitMandate | None = None) -> int:
    """Return how many days before it is due a direct debit of this issuer is announced: its own figure, but no fewer
    than the *mandate* that was signed here agrees on, else those signed elsewhere, else the law of its sector."""
    elsewhere = profile.direct_debit.agreed_prenotification_days if profile.direct_debit else None
    agreed = elsewhere if mandate is None else agreed_days_of(mandate.wording)
    least = law_of(profile.trade).prenotification_days.value if agreed is None else agreed
    return max(profile.policy.prenotification_days or 0, least)
