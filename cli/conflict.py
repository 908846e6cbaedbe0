"""`facteur feed conflicts`, `keep` and `replace`: lists conflicts (a used bill number with other content) and decides
them."""

import sys
from datetime import datetime
from typing import Any, Final

import click
from sqlalchemy.orm import Session

from cli.command_language import moment, named, said
from cli.open_store import ROW_NUMBER, WHO, find_feed, find_issuer, now, opened_store
from cli.output import as_json, decider, out, print_json, print_line, say_no
from cli.text_table import print_table
from cli.translated_help import command, option
from feeds.conflicts.bill_reached_customer import issuances_of
from feeds.conflicts.decide_conflict import ConflictChoice, Decision
from feeds.conflicts.resolve_conflicts import decide_conflict, decide_conflicts_of_feed
from store.bills.bill import BillRow
from store.feeds.conflict import Conflict, waiting_conflicts
from words import state_names
from words.catalogue import M_

#: What is said of each result.
ANSWERS: Final = {
    "done": M_("{n} done|{n} done"),
    "late": M_(
        "{n} late: somebody was first, or another bill has the number by now: look again"
        "|{n} late: somebody was first, or other bills have the numbers by now: look again"
    ),
    "reached": M_(
        "{n} reached: the first bill has reached its customer: keep it, and let the issuer send a credit note "
        "(BT-3 381) or a corrective invoice (384) under a number of its own"
        "|{n} reached: the first bill has reached its customer: keep it, and let the issuer send a credit note "
        "(BT-3 381) or a corrective invoice (384) under a number of its own"
    ),
    "busy": M_(
        "{n} busy: the pipeline is at work on it: again in a moment"
        "|{n} busy: the pipeline is at work on them: again in a moment"
    ),
    "both_in_feed": M_(
        "{n} twice: both contents came in this very feed: say which number, with --number"
        "|{n} twice: both contents came in this very feed: say which number, with --number"
    ),
}


@command("conflicts")
@click.argument("feed_id", type=ROW_NUMBER, metavar="[FEED]", required=False)
@option("--issuer", "slug", help="Of this issuer only.")
@as_json
def feed_conflicts(feed_id: int | None, slug: str | None, in_json: bool) -> None:
    """Other content under used numbers, which waits for a person."""
    with opened_store() as (store, settings), store.reading() as session:
        issuer_id = find_issuer(session, slug).id if slug else None
        after, told = 0, []
        while page := waiting_conflicts(session, issuer_id, feed_id, after):
            told += _told(session, page)
            after = page[-1].id
    if in_json:
        for each in told:
            print_json(each)
    else:
        _print(told, settings.time_zone)


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


def _print(told: list[dict[str, Any]], time_zone: str) -> None:
    headings = [
        said("feed"), said("item"), said("number"), said("since"), said("first came in feed"),
        said("and has reached its customer"),
    ]  # fmt: skip
    rows = [
        [
            str(each["feed"]), str(each["item"]), each["number"],
            moment(datetime.fromisoformat(each["since"]), time_zone), str(each["first_feed"]),
            named(state_names.REACH[each["reached"]]) if each["reached"] else said("no"),
        ]
        for each in told
    ]  # fmt: skip
    print_table(out, headings, rows)


def _decision_options(verb: Any) -> Any:
    for each in (
        option("--reason", required=True, help="Why."),
        option("--by", type=WHO, required=True, help="Who decides."),
        option("--number", help="Of this number only."),
        click.argument("feed_id", type=ROW_NUMBER, metavar="FEED"),
    ):
        verb = each(verb)
    return verb


@command("keep")
@_decision_options
def feed_keep(feed_id: int, number: str | None, by: str, reason: str) -> None:
    """In a feed's conflicts, keep the first bills: the new content is refused for good."""
    decide_conflicts(feed_id, number, "keep", by, reason)


@command("replace")
@_decision_options
def feed_replace(feed_id: int, number: str | None, by: str, reason: str) -> None:
    """In a feed's conflicts, let the new bills take the numbers of first ones that have reached nobody."""
    decide_conflicts(feed_id, number, "replace", by, reason)


def decide_conflicts(feed_id: int, number: str | None, choice: ConflictChoice, by: str, reason: str) -> None:
    """Decide a feed's conflicts and print what became of them. Exits with 1 where one was not decided, or none is
    open."""
    decision = Decision(*decider(by, reason), now())
    with opened_store() as (store, _):
        with store.reading() as session:
            find_feed(session, feed_id)
            waiting = waiting_conflicts(session, feed_id=feed_id, limit=1, number=number)
        if not waiting:
            if number:
                say_no("no conflict of feed {feed} waits for a decision under {number}", feed=feed_id, number=number)
            say_no("no conflict of feed {feed} waits for a decision", feed=feed_id)
        if number is None:
            answers = dict(decide_conflicts_of_feed(store, feed_id, choice, decision))
        else:
            answers = {decide_conflict(store, waiting[0].id, waiting[0].first_id, choice, decision): 1}
    for answer, count in answers.items():
        print_line(said(ANSWERS[answer], n=count))
    sys.exit(0 if answers.keys() == {"done"} else 1)
