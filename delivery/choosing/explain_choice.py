"""Explains why a bill has its channel: chooses again by what was kept, compares, and tries another policy."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy.orm import Session

from delivery.choosing.choice_inputs import ChoiceInputs, unpack_inputs
from delivery.choosing.choose_channel import choose
from delivery.choosing.planned_delivery import Choice
from issuers.profile import Policy
from store.bills.channel_choice import ChannelChoice, choices_of
from store.delivery import Delivery, deliveries_of


class ExplainedChoice(msgspec.Struct, frozen=True):
    """A choice that was made at a moment. *again*: what the kept inputs give today. *is_same*: it is the channel, and
    has the deliveries, that were chosen then. *tried*: what another policy gives, where one was asked for."""

    at: datetime
    channel: str
    version: int
    inputs: ChoiceInputs
    again: Choice
    is_same: bool
    tried: Choice | None = None


def explain_choices(session: Session, bill_id: int, policy: Policy | None = None) -> list[ExplainedChoice]:
    """Return each choice of a bill's channel, oldest first. Raises `choice_inputs.UnknownVersion` for one that a later
    version of the program made."""
    made = deliveries_of(session, bill_id)
    return [_explain(kept, made, policy) for kept in choices_of(session, bill_id)]


def _explain(kept: ChannelChoice, made: Sequence[Delivery], policy: Policy | None) -> ExplainedChoice:
    inputs = unpack_inputs(kept.inputs, kept.version)
    again = choose(inputs)
    return ExplainedChoice(
        at=kept.at,
        channel=kept.channel,
        version=kept.version,
        inputs=inputs,
        again=again,
        is_same=again.channel == kept.channel and _are_there(again, made, kept.at),
        tried=choose(inputs, policy) if policy else None,
    )


def _are_there(choice: Choice, made: Sequence[Delivery], at: datetime) -> bool:
    """Whether the planned deliveries are those that the bill got then, whatever became of them; deliveries that it had
    before are not made again."""
    planned = {(each.person_id, each.channel, each.purpose) for each in choice.deliveries}
    there = {(each.person_id, each.channel, each.purpose): each.made_at for each in made}
    return planned <= there.keys() and {key for key, made_at in there.items() if made_at == at} <= planned
