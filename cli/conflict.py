"""`facteur feed conflicts`, `keep` and `replace`: lists conflicts (a used bill number with other content) and decides
them."""

import sys
from typing import Any, Final

import click
from rich.table import Table
from sqlalchemy.orm import Session

from cli.open_store import ROW_NUMBER, WHO, find_feed, find_issuer, now, opened_store
from cli.output import as_json, out, print_json, say_no
from feeds.conflicts.bill_reached_customer import issuances_of
from feeds.conflicts.decide_conflict import ConflictChoice, Decision
from feeds.conflicts.resolve_conflicts import decide_conflict, decide_conflicts_of_feed
from store.bills.bill import BillRow
from store.feeds.conflict import Conflict, waiting_conflicts

#: The message for each result that leaves a conflict undecided.
WHY_NOT: Final = {
    "late": "somebody was first, or another bill has the number by now: look again",
    "reached": "the first bill has reached its customer: keep it, and let the issuer send a credit note (BT-3 381) or "
    "a corrective invoice (384) under a number of its own",
    "busy": "the pipeline is at work on it: again in a moment",
    "both_in_feed": "both contents came in this very feed: say which number, with --number",
}


@click.command("conflicts")
@click.argument("feed_id", type=ROW_NUMBER, metavar="[FEED]", required=False)
@click.option("--issuer", "slug", help="Of one issuer.")
@as_json
def feed_conflicts(feed_id: int | None, slug: str | None, in_json: bool) -> None:
    """Other content under used numbers, which waits for a person."""
    with opened_store() as (store, _), store.reading() as session:
        issuer_id = find_issuer(session, slug).id if slug else None
        after, told = 0, []
        while page := waiting_conflicts(session, issuer_id, feed_id, after):
            told += _told(session, page)
            after = page[-1].id
    if in_json:
        for each in told:
            print_json(each)
    else:
        _print(told)


def _told(session: Session, conflicts: list[Conflict]) -> list[dict[str, Any]]:
    firsts = {each.first_id: session.get_one(BillRow, each.first_id) for each in conflicts}
    reached = issuances_of(session, list(firsts.values()))
    return [
        {
            "feed": each.feed_id, "item": each.seq, "number": each.number, "since": each.found_at.isoformat(),
            "first_feed": firsts[each.first_id].feed_id,
            "reached": reached[each.first_id].how if each.first_id in reached else None,
        }
        for each in conflicts
    ]  # fmt: skip


def _print(told: list[dict[str, Any]]) -> None:
    table = Table("feed", "item", "number", "since", "first came in feed", "and has reached its customer", box=None)
    for each in told:
        table.add_row(*[str(each[key] or "no") for key in ("feed", "item", "number", "since", "first_feed", "reached")])
    out.print(table, markup=False)


def _decision_options(command: Any) -> Any:
    for option in (
        click.option("--reason", required=True),
        click.option("--by", type=WHO, required=True, help="Who decides."),
        click.option("--number", help="Of this number only."),
        click.argument("feed_id", type=ROW_NUMBER, metavar="FEED"),
    ):
        command = option(command)
    return command


@click.command("keep")
@_decision_options
def feed_keep(feed_id: int, number: str | None, by: str, reason: str) -> None:
    """In a feed's conflicts, keep the first bills: the new content is refused for good."""
    decide_conflicts(feed_id, number, "keep", by, reason)


@click.command("replace")
@_decision_options
def feed_replace(feed_id: int, number: str | None, by: str, reason: str) -> None:
    """In a feed's conflicts, let the new bills take the numbers of first ones that have reached nobody."""
    decide_conflicts(feed_id, number, "replace", by, reason)


def decide_conflicts(feed_id: int, number: str | None, choice: ConflictChoice, by: str, reason: str) -> None:
    """Decide a feed's conflicts and print what became of them. Exits with 1 where one was not decided, or none is
    open."""
    if not by.strip() or not reason.strip():
        say_no("say who decides, and why")
    decision = Decision(by.strip(), reason.strip(), now())
    with opened_store() as (store, _):
        with store.reading() as session:
            find_feed(session, feed_id)
            waiting = waiting_conflicts(session, feed_id=feed_id, limit=1, number=number)
        if not waiting:
            say_no(f"no conflict of feed {feed_id} waits for a decision" + (f" under {number}" if number else ""))
        if number is None:
            answers = dict(decide_conflicts_of_feed(store, feed_id, choice, decision))
        else:
            answers = {decide_conflict(store, waiting[0].id, waiting[0].first_id, choice, decision): 1}
    for answer, count in answers.items():
        out.print(f"{count} {answer}" + (f": {WHY_NOT[answer]}" if answer in WHY_NOT else ""), markup=False)
    sys.exit(0 if answers.keys() == {"done"} else 1)
