"""`facteur feed`: drops feeds, reports on them, releases or rejects held ones, replays them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NoReturn

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import func, select

from bill import ControlTotals
from cli.acting_person import acting
from cli.command_language import language, message, money, named, said
from cli.conflict import feed_conflicts, feed_keep, feed_replace
from cli.feed_cancel import feed_cancel
from cli.open_pipeline import open_pipeline
from cli.open_store import ROW_NUMBER, WHO, find_feed, find_issuer, now, opened_store
from cli.output import as_json, decider, err, out, print_json, print_line, refuse, say_no
from cli.replay_rehearsal import print_rehearsal, rehearsal_line
from cli.text_table import print_table
from cli.translated_help import group, option
from doors.declared_totals import DeclarationError, control_file_of, declared_totals
from doors.feed_drop import DropRefused, drop_feed
from feeds.decide_held_feed import FeedDecision, decide_feed
from feeds.feed_report import FeedReport, FindingReport, feed_report, refused_report
from pipeline.feed_pipeline import Pipeline
from pipeline.replay_rehearsal import rehearse
from store.db.wake_up_signal import RedisWakeUpSignal
from store.feeds.chunk import Chunk
from store.feeds.feed import Feed, read_again
from store.issuer import Issuer
from words import state_names, state_terms
from words.catalogue import M_
from words.spoken_error import SpokenError

#: Items by outcome.
_COUNTS: Final = {
    "bill": M_("{n} bill|{n} bills"),
    "duplicate": M_("{n} duplicate|{n} duplicates"),
    "conflict": M_("{n} conflict|{n} conflicts"),
    "rejected": M_("{n} rejected|{n} rejected"),
    "waiting_parent": M_("{n} waiting for its original|{n} waiting for their originals"),
    "taken": M_("{n} taken|{n} taken"),
    "known": M_("{n} known|{n} known"),
    "created": M_("{n} created|{n} created"),
    "changed": M_("{n} changed|{n} changed"),
    "unchanged": M_("{n} unchanged|{n} unchanged"),
    "older": M_("{n} older than what is known|{n} older than what is known"),
}


@group()
def feed() -> None:
    """What issuers dropped, and what became of it."""


@feed.command("drop")
@click.argument("slug")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@option("--wait", is_flag=True, help="Come back when the bills are rendered and chosen.")
@option("--count", help="How many bills the file is declared to hold.")
@option("--sum", "sums", multiple=True, metavar="EUR=AMOUNT", help="What they amount to, by currency.")
@as_json
def feed_drop(
    slug: str, files: tuple[Path, ...], wait: bool, count: str | None, sums: tuple[str, ...], in_json: bool
) -> None:
    """Drop files of an issuer, as the other doors do.

    FILE.control.json or .csv beside a FILE declares what it holds.

    A feed that holds anything else than was declared is read, and held for a named person.
    """
    refused = False
    declared = _declared(files, count, sums)
    with open_pipeline() as pipeline:
        pipeline.store.wake_up = RedisWakeUpSignal(pipeline.config.redis_url)
        with pipeline.store.reading() as session:
            found = find_issuer(session, slug)
        for path in files:
            report = drop_one(pipeline, found, path, wait, declared, None if in_json else language())
            refused |= report["feed"] is None or report["state"] == "rejected"
            print_json(report) if in_json else print_report(report)
    sys.exit(1 if refused else 0)


def _declared(files: tuple[Path, ...], count: str | None, sums: tuple[str, ...]) -> ControlTotals | None:
    try:
        declared = declared_totals(count, sums, "--count, --sum")
    except DeclarationError as error:
        raise click.UsageError(message(error.finding(""))) from error
    if declared is not None and len(files) > 1:
        raise click.UsageError(said("--count and --sum are of one file: drop the files one by one"))
    return declared


for command in (feed_conflicts, feed_keep, feed_replace, feed_cancel):
    feed.add_command(command)


def drop_one(
    pipeline: Pipeline, found: Issuer, path: Path, wait: bool, declared: ControlTotals | None, into: str | None
) -> FeedReport:
    """Drop one file and return its report: as it is now, or with *wait* when all work on it is done; its findings in
    the language *into*."""
    try:
        declared = declared or control_file_of(path)
        with path.open("rb") as stream:
            dropped = drop_feed(pipeline.store, found, stream, path.name, "cli", now(), announced=declared)
    except DeclarationError as error:
        return refused_report(found.slug, path.name, error.finding(path.name), into=into)
    except DropRefused as refusal:
        return refused_report(found.slug, path.name, refusal.finding, into=into)
    except OSError as error:
        refuse(SpokenError("{path} cannot be read: {reason}", path=path, reason=error.strerror))
    if wait:
        with waiting(pipeline, dropped.feed_id) as tell:
            pipeline.work_feed(dropped.feed_id, now(), tell)
    with pipeline.store.reading() as session:
        return feed_report(session, session.get_one(Feed, dropped.feed_id), into)


@contextmanager
def waiting(pipeline: Pipeline, feed_id: int) -> Iterator[Any]:
    """Show a progress bar of the feed's chunks on stderr. Yields the function that advances it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task(said("reading"), total=None)

        def tell(_step: str) -> None:
            with pipeline.store.reading() as session:
                every = select(func.count()).where(Chunk.feed_id == feed_id)
                total, done = session.scalar(every) or 0, session.scalar(every.where(Chunk.state == "done")) or 0
            bar.update(task, description=said("rendering"), total=total or None, completed=done)

        yield tell


@feed.command("report")
@click.argument("feed_id", type=ROW_NUMBER, metavar="FEED")
@as_json
def feed_report_(feed_id: int, in_json: bool) -> None:
    """What became of a feed: every item's outcome, the totals, the findings."""
    with opened_store() as (store, _), store.reading() as session:
        report = feed_report(session, find_feed(session, feed_id), None if in_json else language())
    print_json(report) if in_json else print_report(report)


def print_report(report: FeedReport) -> None:
    """Print a feed's report, whose findings are in the reader's language."""
    state = named(state_terms.FEED[report["state"]])
    form = named(state_names.FORMAT.get(report["format"] or "", report["format"] or ""))
    content = named(state_names.CONTENT[report["content"]])
    line = [said("feed {feed}", feed=report["feed"] or "-"), report["file"], state, content, form]
    print_line("  ".join(line).rstrip())
    counts = "  ".join(said(_COUNTS[name], n=count) for name, count in report["counts"].items() if count)
    totals = "  ".join(money(Decimal(amount), currency) for currency, amount in report["totals"].items())
    print_line(f"  {counts or said('nothing yet')}   {totals}".rstrip())
    if report["findings"]:
        headings = [said("severity"), said("rule"), said("number"), said("place"), said("message")]
        print_table(out, headings, [_finding_row(each) for each in report["findings"]])


def _finding_row(finding: FindingReport) -> list[str]:
    severity = named(state_terms.SEVERITY[finding["severity"]])
    return [severity, finding["rule"], finding["number"] or "", finding["place"], finding["message"]]


@feed.command("release")
@click.argument("feed_id", type=ROW_NUMBER, metavar="FEED")
@option("--by", type=WHO, required=True, help="Who decides.")
@option("--reason", required=True, help="Why.")
def feed_release(feed_id: int, by: str, reason: str) -> None:
    """Let a held feed go on."""
    decide_on(feed_id, "release", by, reason)


@feed.command("reject")
@click.argument("feed_id", type=ROW_NUMBER, metavar="FEED")
@option("--by", type=WHO, required=True, help="Who decides.")
@option("--reason", required=True, help="Why.")
def feed_reject(feed_id: int, by: str, reason: str) -> None:
    """Refuse a held feed: nothing of it is delivered."""
    decide_on(feed_id, "reject", by, reason)


def decide_on(feed_id: int, decision: FeedDecision, by: str, reason: str) -> None:
    """Release or reject a held feed. Exits with 1 when it cannot be decided."""
    with opened_store() as (store, _):
        with store.writing() as session:
            found = find_feed(session, feed_id)
            if not decide_feed(session, found, decision, *decider(by, reason), now()):
                _say_why_not(found)
        store.wake_up.send()


def _say_why_not(feed: Feed) -> NoReturn:
    """Exit with 1 and say why a feed cannot be decided, or not in this way."""
    if feed.state == "held" and not feed.decided_by:
        say_no("numbers are claimed for feed {feed} already: it can only be released", feed=feed.id)
    state = named(state_terms.FEED[feed.state])
    if feed.decided_by:
        say_no(
            "feed {feed} is not held any more ({state}): {who} has decided",
            feed=feed.id,
            state=state,
            who=feed.decided_by,
        )
    say_no("feed {feed} is not held ({state})", feed=feed.id, state=state)


@feed.command("replay")
@click.argument("feed_id", type=ROW_NUMBER, metavar="FEED")
@option("--dry-run", is_flag=True, help="Only say what would change with the profile as it is now.")
@acting
@as_json
def feed_replay(feed_id: int, dry_run: bool, by: str, in_json: bool) -> None:
    """Read a rejected or held feed again, with a corrected profile."""
    with open_pipeline() as pipeline:
        with pipeline.store.reading() as session:
            found = find_feed(session, feed_id)
        if dry_run:
            if found.content != "bills":
                content = named(state_names.CONTENT[found.content])
                say_no(
                    "feed {feed} holds {content}: only a reading of bills is rehearsed", feed=feed_id, content=content
                )
            rehearsal = rehearse(pipeline.store, found.id)
            print_json(rehearsal_line(rehearsal)) if in_json else print_rehearsal(found, rehearsal)
            return
        with pipeline.store.writing() as session:
            if not read_again(session, session.get_one(Feed, feed_id), now(), by, states=["rejected", "held"]):
                state = named(state_terms.FEED[found.state])
                say_no("feed {feed}: only a rejected or a held feed is read again ({state})", feed=feed_id, state=state)
        with waiting(pipeline, feed_id) as tell:
            pipeline.work_feed(feed_id, now(), tell)
        with pipeline.store.reading() as session:
            report = feed_report(session, session.get_one(Feed, feed_id), None if in_json else language())
    print_json(report) if in_json else print_report(report)
    sys.exit(1 if report["state"] == "rejected" else 0)
