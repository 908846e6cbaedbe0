"""`facteur bill why`: why a bill goes by its channel, chosen again by what was kept, or by another policy."""

from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import click

from cli.command_language import moment, named, reason_words, said, width
from cli.delivery import reason_line
from cli.open_store import find_bill, opened_store
from cli.output import as_json, print_json, print_line, refuse, say_no
from cli.translated_help import command, option
from delivery.choosing.choice_inputs import UnknownVersion
from delivery.choosing.explain_choice import ExplainedChoice, explain_choices
from delivery.choosing.planned_delivery import Choice, PlannedDelivery
from delivery.choosing.risk_score import Risk, risk_weights
from delivery.delivery_articles import laws_of
from delivery.law.decision_article import article_for
from delivery.law.sector_law import SectorLaw
from delivery.reminders.disputed_bills import reminders_wait_until
from issuers.policy_bounds import check_policy_bounds
from issuers.profile import Policy, read_profile
from issuers.profile_section import ProfileError
from issuers.registry import profile_of, read_profile_file
from store.bills.bill_enquiry import disputes_of_bills
from store.issuer import Issuer
from words import state_names


@command("why")
@click.argument("slug")
@click.argument("number")
@option(
    "--policy", "profile", type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Try the [policy] of this profile too.",
)  # fmt: skip
@as_json
def bill_why(slug: str, number: str, profile: Path | None, in_json: bool) -> None:
    """Why a bill goes by its channel: what was chosen, by what, and what would be chosen by another policy.

    Nothing is changed. What a bill was chosen by is kept with it, and the choice is made again by that.
    """
    with opened_store() as (store, settings), store.reading() as session:
        row = find_bill(session, slug, number)
        own = profile_of(session.get_one(Issuer, row.issuer_id)).policy
        policy = _policy(profile, own) if profile else None
        try:
            choices = explain_choices(session, row.id, policy)
        except UnknownVersion as error:
            say_no("{reason}", reason=error)
        law = laws_of(session, {row.issuer_id})[row.issuer_id]
        disputed_at = disputes_of_bills(session, [row.id]).get(row.id)
    if not choices:
        say_no("no channel is chosen yet for bill {number}", number=number)
    for each in choices:
        print_json(_choice_line(each, law)) if in_json else _print_choice(each, law, settings.time_zone)
    if disputed_at is not None:
        dispute = _Dispute(disputed_at, own, policy)
        print_json(dispute.line()) if in_json else dispute.print(settings.time_zone)


class _Dispute(NamedTuple):
    """The amount is disputed today: what that does to reminders, by the issuer's policy and by another."""

    since: datetime
    policy: Policy
    tried: Policy | None

    def line(self) -> dict[str, Any]:
        """Return its JSON object."""
        tried = {"reminders_wait_until": reminders_wait_until(self.tried, self.since)} if self.tried else None
        until = reminders_wait_until(self.policy, self.since)
        return {"disputed_since": self.since, "reminders_wait_until": until, "with_policy": tried}

    def print(self, time_zone: str) -> None:
        """Say it in words."""
        print_line(said("the amount is disputed since {moment}", moment=moment(self.since, time_zone)))
        print_line(f"  {_reminders_said(self.policy, self.since, time_zone)}")
        if self.tried:
            by_it = _reminders_said(self.tried, self.since, time_zone)
            print_line(said("by the other policy: {channel}", channel=by_it))


def _reminders_said(policy: Policy, since: datetime, time_zone: str) -> str:
    until = reminders_wait_until(policy, since)
    if until is None:
        return said("reminders go on")
    return said("reminders wait for the answer, until {moment} at most", moment=moment(until, time_zone))


def _policy(path: Path, own: Policy) -> Policy:
    """Return the policy to try: one that could be saved in the place of the issuer's own."""
    try:
        policy = read_profile(read_profile_file(path)[0]).policy
        check_policy_bounds(policy, own)
    except ProfileError as error:
        refuse(error)
    return policy


def _choice_line(explained: ExplainedChoice, law: SectorLaw) -> dict[str, Any]:
    """Return a choice's JSON object."""
    inputs, collected = explained.inputs, explained.inputs.bill.is_collected
    return {
        "at": explained.at, "channel": explained.channel, "version": explained.version, "same": explained.is_same,
        "relationship": inputs.relationship or None, "chosen_again": _plan_line(explained.again, law, collected),
        "with_policy": _plan_line(explained.tried, law, collected) if explained.tried else None,
    }  # fmt: skip


def _plan_line(choice: Choice, law: SectorLaw, is_collected: bool) -> dict[str, Any]:
    return {
        "channel": choice.channel, "next_look": choice.next_look,
        "reminders_wait_until": choice.reminders_wait_until, "risk": choice.risk and _risk_line(choice.risk),
        "deliveries": [
            {
                "channel": each.channel, "purpose": each.purpose, "state": each.state, "due_at": each.due_at,
                "reason": reason_line(each.reason),
                "article": article_for(each.reason.code, law, is_collected=is_collected),
            }
            for each in choice.deliveries
        ],
    }  # fmt: skip


def _risk_line(risk: Risk) -> dict[str, Any]:
    signs = [{"points": sign.points, "reason": reason_line(sign.reason)} for sign in risk.signs]
    return {
        "score": risk.score,
        "at_risk": risk.is_at_risk,
        "at_risk_from": risk_weights().at_risk_from,
        "signs": signs,
    }


def _print_choice(explained: ExplainedChoice, law: SectorLaw, time_zone: str) -> None:
    at, channel = moment(explained.at, time_zone), named(state_names.CHANNEL[explained.channel])
    print_line(said("chosen on {moment}: {channel}", moment=at, channel=channel))
    collected = explained.inputs.bill.is_collected
    _print_plan(explained.again, law, time_zone, is_collected=collected)
    if not explained.is_same:
        print_line(f"  {said('today’s rules would choose otherwise')}")
    if explained.tried:
        other = named(state_names.CHANNEL[explained.tried.channel])
        print_line(said("by the other policy: {channel}", channel=other))
        _print_plan(explained.tried, law, time_zone, is_collected=collected)


def _print_plan(choice: Choice, law: SectorLaw, time_zone: str, *, is_collected: bool) -> None:
    for each in choice.deliveries:
        _print_planned(each, article_for(each.reason.code, law, is_collected=is_collected), time_zone)
    if choice.reminders_wait_until:
        until = moment(choice.reminders_wait_until, time_zone)
        print_line(f"  {said('reminders wait for the answer, until {moment} at most', moment=until)}")
    if choice.risk and choice.risk.signs:
        total, least = choice.risk.score, risk_weights().at_risk_from
        print_line(f"  {said('risk of staying unread: {score}, at risk from {least}', score=total, least=least)}")
        for sign in choice.risk.signs:
            print_line(f"    +{sign.points} {reason_words(sign.reason)}")


def _print_planned(planned: PlannedDelivery, article: str | None, time_zone: str) -> None:
    kind, _, n = planned.purpose.partition("-")
    purpose = named(state_names.PURPOSE.get(kind, kind)).replace("{n}", n)
    widths = [width(names.values()) for names in (state_names.CHANNEL, state_names.PURPOSE)]
    channel = named(state_names.CHANNEL[planned.channel])
    head = f"{channel:{widths[0]}} {purpose:{widths[1]}} {moment(planned.due_at, time_zone)}"
    print_line(f"  {head}  {reason_words(planned.reason)}{f' ({article})' if article else ''}")
