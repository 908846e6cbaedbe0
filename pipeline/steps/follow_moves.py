"""Letters go to another address from the day on that the issuer has named; those that waited for one go on."""

from datetime import datetime

import delivery
from customers.due_moves import due_moves, follow_due_moves, issuers_with_due_moves
from delivery.stated_moves import end_overtaken_moves, give_due_moves
from issuers.registry import profile_of
from pipeline.pipeline_context import PipelineContext


def follow_moves(context: PipelineContext, now: datetime) -> None:
    """Follow the moves whose day has come where their issuer is, some hundreds in a transaction; then let the held
    letters go whose address is known now."""
    with context.store.reading() as session:
        zones = {each.id: profile_of(each).customers.zone for each in issuers_with_due_moves(session, now)}
    for issuer_id, zone in zones.items():
        today = now.astimezone(zone).date()
        while True:
            with context.store.reading() as session:
                account_ids = due_moves(session, issuer_id, today)
            if not account_ids:
                break
            with context.store.writing() as session:
                follow_due_moves(session, issuer_id, account_ids, now, zone)
    home = context.houses.default.equipment.country
    with context.store.writing() as session:
        delivery.release_addressed_letters(session, now, home)
        end_overtaken_moves(session, now)
        give_due_moves(session, context.calendar.day_of(now), now)
