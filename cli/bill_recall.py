"""`facteur bill recall`: takes a bill back that has not reached its customer."""

from typing import Final

import click

from cli.command_language import named, said
from cli.open_store import WHO, find_bill, now, opened_store
from cli.output import as_json, decider, print_json, print_line, say_no
from cli.translated_help import command, option
from delivery.recall.recall_bill import Recall, recall_bill
from feeds.conflicts.decide_conflict import Decision
from words import state_names
from words.catalogue import M_

_LATE: Final = M_("bill {number} is recalled already, or is no longer kept")
_REACHED: Final = M_(
    "bill {number} has reached its customer ({how}): send a credit note (BT-3 381) or a corrective invoice (384) "
    "under a number of its own"
)


@command("recall")
@click.argument("slug")
@click.argument("number")
@option("--by", type=WHO, required=True, help="Who decides.")
@option("--reason", required=True, help="Why.")
@as_json
def bill_recall(slug: str, number: str, by: str, reason: str, in_json: bool) -> None:
    """Take a bill back that has not reached its customer. It keeps its number."""
    decision = Decision(*decider(by, reason), now())
    with opened_store() as (store, _):
        with store.reading() as session:
            bill_id = find_bill(session, slug, number).id
        answer = recall_bill(store, bill_id, decision, "operator")
    _refuse(number, answer)
    if in_json:
        print_json({"issuer": slug, "number": number, "state": "recalled"})
    else:
        print_line(said("bill {number} is recalled: it reaches nobody", number=number))


def _refuse(number: str, answer: Recall) -> None:
    """Exit with 1 unless the bill was recalled."""
    if answer.issuance is not None:
        say_no(_REACHED, number=number, how=named(state_names.REACH[answer.issuance.how]))
    if answer.result == "late":
        say_no(_LATE, number=number)
