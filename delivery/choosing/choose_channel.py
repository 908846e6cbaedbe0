"""Chooses the channel of each rendered bill, portal or paper, and plans its deliveries.

`choose` is pure. A paperless account is notified by e-mail and its bill stands in the portal; if nobody has viewed it
by the last cut-off from which a letter still arrives in time, it is printed. Every other account gets paper. Each
delivery carries its reason.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bill import AmountDue, PostalAddress, Reason
from delivery.calendar.french_region import region_of
from delivery.calendar.postal_calendar import Calendar
from delivery.choosing.choice_inputs import VERSION, ChoiceInputs, pack_inputs
from delivery.choosing.planned_delivery import Choice, Holder, PlannedDelivery
from delivery.choosing.print_deadline import BillFacts, last_cut_off
from delivery.delivery_articles import with_articles
from delivery.reminders.bill_reminders import (
    OVER,
    instalment_days,
    instalment_reminders,
    stop_reminders,
    unread_reminders,
)
from issuers.profile import Policy
from issuers.registry import profile_of
from payments.amounts_due import amounts_due
from store.accounts.consumer import holders_of
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.bills.channel_choice import keep_choices
from store.customers.customer_reference import references_of
from store.db.event import record_all
from store.delivery import THE_ADDRESSEE, create_deliveries
from store.issuer import Issuer

#: Letters become ready this long before the cut-off, so that one promoted late does not miss it.
JOINING: Final = timedelta(hours=1)

PAPER: Final = "paper"
PORTAL: Final = "portal"


def choose(
    bill: BillFacts, *, paperless: bool, holders: Sequence[Holder], policy: Policy, calendar: Calendar, now: datetime,
    is_provisional: bool = False, has_paper_right: bool = False, holder_died: bool = False,
) -> Choice:  # fmt: skip
    """Plan the deliveries of one bill to an account with these holders. Pure.

    *paperless*: the account's last consent. *is_provisional*: a question is open about who owns the account's number;
    the bill then goes on paper. *has_paper_right*: paper and no mail, whatever was consented to. *holder_died*: the
    letter is held until a named person decides where it goes. *now* is aware. Returns the channel and every planned
    delivery with its reason.
    """
    mailable = [holder for holder in holders if holder.can_be_mailed]
    present = [_present(holder, now) for holder in holders]
    if holder_died:
        held = _letter("failed", now, Reason("holder_died"))
        return Choice(channel=PAPER, deliveries=(*present, held))
    if is_provisional:
        return _on_paper(present, Reason("account_in_question"), now)
    if not holders:
        return _on_paper(present, Reason("account_unclaimed"), now)
    if has_paper_right:
        return _on_paper(present, Reason("paper_by_right"), now)
    if not paperless:
        return _on_paper(present, Reason("paper_kept"), now)
    if not mailable:
        return _on_paper(present, Reason("no_holder_by_email"), now)
    notices = [_notice(holder, now) for holder in mailable]
    cut_off = last_cut_off(bill, policy, calendar, now)
    parts = instalment_reminders(mailable, bill.instalments, calendar, now)
    if cut_off <= now:
        return _on_paper([*present, *notices, *parts], Reason("too_late_to_wait"), now)
    reminders = unread_reminders(mailable, policy, calendar, now, cut_off) if not bill.is_over else []
    why = Reason.of("printed_if_unread", day=calendar.day_of(cut_off).isoformat())
    letter = _letter("waiting", max(cut_off - JOINING, now), why)
    return Choice(channel=PORTAL, deliveries=(*present, *notices, *reminders, *parts, letter))


def _on_paper(others: Sequence[PlannedDelivery], why: Reason, now: datetime) -> Choice:
    return Choice(channel=PAPER, deliveries=(*others, _letter("ready", now, why)))


def _letter(state: Literal["ready", "waiting", "failed"], due_at: datetime, why: Reason) -> PlannedDelivery:
    return PlannedDelivery(
        person_id=THE_ADDRESSEE, channel="paper", purpose="print", state=state, due_at=due_at, reason=why
    )  # fmt: skip


def _present(holder: Holder, now: datetime) -> PlannedDelivery:
    return PlannedDelivery(
        person_id=holder.person_id, channel="portal", purpose="present", state="ready", due_at=now,
        reason=Reason("shown_to_holder"),
    )  # fmt: skip


def _notice(holder: Holder, now: datetime) -> PlannedDelivery:
    return PlannedDelivery(
        person_id=holder.person_id, channel="email", purpose="notify", state="ready", due_at=now,
        reason=Reason("announced_by_email"),
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
        choice = choose_by(inputs)
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


def choose_by(inputs: ChoiceInputs, policy: Policy | None = None) -> Choice:
    """Choose by these inputs, which may have been kept; with another *policy* than theirs where one is given. Pure."""
    return choose(
        inputs.bill,
        paperless=inputs.paperless,
        holders=inputs.holders,
        policy=policy or inputs.policy,
        calendar=inputs.calendar,
        now=inputs.now,
        is_provisional=inputs.is_provisional,
        has_paper_right=inputs.has_paper_right,
        holder_died=inputs.holder_died,
    )


def choice_row(row: BillRow, inputs: ChoiceInputs, choice: Choice) -> dict[str, object]:
    """Return the choice and what it was decided by, as column values."""
    return {
        "bill_id": row.id, "at": inputs.now, "channel": choice.channel, "version": VERSION,
        "inputs": pack_inputs(inputs),
    }  # fmt: skip


def inputs_of(
    session: Session, rows: Sequence[BillRow], now: datetime, calendar: Calendar
) -> Iterator[tuple[BillRow, ChoiceInputs]]:
    """Yield each bill with what its channel is chosen by: the present state of its account, holders and amount due, and
    its issuer's policy."""
    amounts = amounts_due(session, rows, calendar.day_of(now))
    accounts = _accounts(session, {row.account_id for row in rows})
    policies = _policies(session, {row.issuer_id for row in rows})
    holders = holders_of(session, accounts)
    references = references_of(session, accounts)
    for row in rows:
        account = accounts[row.account_id]
        holding, reference = holders.get(account.id, []), references.get(account.id)
        inputs = ChoiceInputs(
            bill=_facts(row, amounts[row.id], calendar, account.postal_address),
            paperless=account.paperless,
            is_provisional=account.standing == "provisional",
            holders=tuple(Holder(person_id=who.id, can_be_mailed=who.can_be_mailed) for who in holding),
            policy=policies[row.issuer_id],
            calendar=calendar,
            now=now,
            has_paper_right=reference is not None and bool(reference.paper_by_right),
            holder_died=reference is not None and reference.died_on is not None,
        )
        yield row, inputs


def _facts(row: BillRow, due: AmountDue, calendar: Calendar, address: PostalAddress) -> BillFacts:
    return BillFacts(
        issued=row.issue_date,
        received=calendar.day_of(row.received_at),
        due=due.due or row.due_date,
        is_to_pay=due.is_asking,
        is_collected=due.is_collected,
        is_over=due.kind in OVER,
        instalments=tuple(instalment_days(row.demand.instalments)) if due.is_asking else (),
        region=region_of(address.french_postcode, address.country),
    )


def _accounts(session: Session, ids: set[int]) -> dict[int, CustomerAccount]:
    return {each.id: each for each in session.scalars(select(CustomerAccount).where(CustomerAccount.id.in_(ids)))}


def _policies(session: Session, issuer_ids: set[int]) -> dict[int, Policy]:
    issuers = session.scalars(select(Issuer).where(Issuer.id.in_(issuer_ids)))
    return {issuer.id: profile_of(issuer).policy for issuer in issuers}
