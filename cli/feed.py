"""`facteur feed`: drops feeds, reports on them, releases or rejects held ones, replays them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from msgspec import structs
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from sqlalchemy import func, select

from bill import ControlTotals
from cli.conflict import feed_conflicts, feed_keep, feed_replace
from cli.open_pipeline import open_pipeline
from cli.open_store import ROW_NUMBER, WHO, find_feed, find_issuer, now, opened_store
from cli.output import as_json, counted, err, out, print_json, say_no
from doors.declared_totals import DeclarationError, control_file_of, declared_totals
from doors.feed_drop import DropRefused, drop_feed
from feeds.decide_held_feed import FeedDecision, decide_feed
from feeds.feed_report import feed_report, refused_report
from pipeline.feed_pipeline import Pipeline
from pipeline.replay_rehearsal import Rehearsal, rehearse
from store.db.wake_up_signal import RedisWakeUpSignal
from store.feeds.chunk import Chunk
from store.feeds.feed import Feed, read_again
from store.issuer import Issuer

#: How many changed items a replay rehearsal prints.
SHOWN_CHANGES = 20


@click.group()
def feed() -> None:
    """What issuers dropped, and what became of it."""


@feed.command("drop")
@click.argument("slug")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--wait", is_flag=True, help="Come back when the bills are rendered and chosen.")
@click.option("--count", help="How many bills the file is declared to hold.")
@click.option("--sum", "sums", multiple=True, metavar="EUR=AMOUNT", help="What they amount to, by currency.")
@as_json
def feed_drop(
    slug: str, files: tuple[Path, ...], wait: bool, count: str | None, sums: tuple[str, ...], in_json: bool
) -> None:
    """Drop files of an issuer, as the other doors do. FILE.control.json or .csv beside a FILE declares what it holds.

    A feed that holds anything else than was declared is read, and held for a named person.
    """
    refused = False
    declared = _declared(files, count, sums)
    with open_pipeline() as pipeline:
        pipeline.store.wake_up = RedisWakeUpSignal(pipeline.config.redis_url)
        with pipeline.store.reading() as session:
            found = find_issuer(session, slug)
        for path in files:
            report = drop_one(pipeline, found, path, wait, declared)
            refused |= report["feed"] is None or report["state"] == "rejected"
            print_json(report) if in_json else print_report(report)
    sys.exit(1 if refused else 0)


def _declared(files: tuple[Path, ...], count: str | None, sums: tuple[str, ...]) -> ControlTotals | None:
    try:
        declared = declared_totals(count, sums, "--count, --sum")
    except DeclarationError as error:
        raise click.UsageError(str(error)) from error
    if declared is not None and len(files) > 1:
        raise click.UsageError("--count and --sum are of one file: drop the files one by one")
    return declared


for command in (feed_conflicts, feed_keep, feed_replace):
    feed.add_command(command)


def drop_one(
    pipeline: Pipeline, found: Issuer, path: Path, wait: bool, declared: ControlTotals | None = None
) -> dict[str, Any]:
    """Drop one file and return its report: as it is now, or with *wait* when all work on it is done."""
    try:
        declared = declared or control_file_of(path)
        with path.open("rb") as stream:
            dropped = drop_feed(pipeline.store, found, stream, path.name, "cli", now(), announced=declared)
    except DeclarationError as error:
        return refused_report(found.slug, path.name, error.finding(path.name))
    except DropRefused as refusal:
        return refused_report(found.slug, path.name, refusal.finding)
    except OSError as error:
        say_no(f"{path} cannot be read: {error.strerror}")
    if wait:
        with waiting(pipeline, dropped.feed_id) as tell:
            pipeline.work_feed(dropped.feed_id, now(), tell)
    with pipeline.store.reading() as session:
        return feed_report(session, session.get_one(Feed, dropped.feed_id))


@contextmanager
def waiting(pipeline: Pipeline, feed_id: int) -> Iterator[Any]:
    """Show a progress bar of the feed's chunks on stderr. Yields the function that advances it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def tell(_step: str) -> None:
            with pipeline.store.reading() as session:
                every = select(func.count()).where(Chunk.feed_id == feed_id)
                total, done = session.scalar(every) or 0, session.scalar(every.where(Chunk.state == "done")) or 0
            bar.update(task, description="rendering", total=total or None, completed=done)

        yield tell


@feed.command("report")
@click.argument("feed_id", type=ROW_NUMBER, metavar="FEED")
@as_json
def feed_report_(feed_id: int, in_json: bool) -> None:
    """What became of a feed: every item's outcome, the totals, the findings."""
    with opened_store() as (store, _), store.reading() as session:
        report = feed_report(session, find_feed(session, feed_id))
    print_json(report) if in_json else print_report(report)


def print_report(report: dict[str, Any]) -> None:
    """Print a feed's report."""
    out.print(
        f"feed {report['feed'] or '-'}  {report['file']}  [bold]{report['state']}[/]  {report['format'] or ''}",
        markup=True,
    )
    counts = "  ".join(f"{name} {number}" for name, number in report["counts"].items() if number)
    totals = "  ".join(f"{amount} {currency}" for currency, amount in report["totals"].items())
    out.print(f"  {counts or 'nothing yet'}   {totals}", markup=False)
    if report["findings"]:
        table = Table("severity", "rule", "number", "place", "message", box=None, padding=(0, 1))
        for finding in report["findings"]:
            table.add_row(*[str(finding[key] or "") for key in ("severity", "rule", "number", "place", "message")])
        out.print(table, markup=False)


@feed.command("release")
@click.argument("feed_id", type=ROW_NUMBER, metavar="FEED")
@click.option("--by", type=WHO, required=True, help="Who decides.")
@click.option("--reason", required=True)
def feed_release(feed_id: int, by: str, reason: str) -> None:
    """Let a held feed go on."""
    decide_on(feed_id, "release", by, reason)


@feed.command("reject")
@click.argument("feed_id", type=ROW_NUMBER, metavar="FEED")
@click.option("--by", type=WHO, required=True, help="Who decides.")
@click.option("--reason", required=True)
def feed_reject(feed_id: int, by: str, reason: str) -> None:
    """Refuse a held feed: nothing of it is delivered."""
    decide_on(feed_id, "reject", by, reason)


def decide_on(feed_id: int, decision: FeedDecision, by: str, reason: str) -> None:
    """Release or reject a held feed. Exits with 1 when it cannot be decided."""
    with opened_store() as (store, _):
        with store.writing() as session:
            found = find_feed(session, feed_id)
            if not by.strip() or not reason.strip():
                say_no("say who decides, and why")
            if not decide_feed(session, found, decision, by.strip(), reason.strip(), now()):
                say_no(why_not(found))
        store.wake_up.send()


def why_not(feed: Feed) -> str:
    """Say why a feed cannot be decided, or not in this way."""
    if feed.state == "held" and not feed.decided_by:
        return f"numbers are claimed for feed {feed.id} already: it can only be released"
    decided = f", and {feed.decided_by} has decided" if feed.decided_by else ""
    return f"feed {feed.id} is {feed.state}, not held{decided}"


@feed.command("replay")
@click.argument("feed_id", type=ROW_NUMBER, metavar="FEED")
@click.option("--dry-run", is_flag=True, help="Only say what would change with the profile as it is now.")
@as_json
def feed_replay(feed_id: int, dry_run: bool, in_json: bool) -> None:
    """Read a rejected or held feed again, with a corrected profile."""
    with open_pipeline() as pipeline:
        with pipeline.store.reading() as session:
            found = find_feed(session, feed_id)
        if dry_run:
            if found.content != "bills":
                say_no(f"feed {feed_id} holds {found.content}: only a reading of bills is rehearsed")
            rehearsal = rehearse(pipeline.store, found.id)
            print_json(rehearsal_line(rehearsal)) if in_json else print_rehearsal(found, rehearsal)
            return
        with pipeline.store.writing() as session:
            if not read_again(session, session.get_one(Feed, feed_id), now(), "cli", states=["rejected", "held"]):
                say_no(f"feed {feed_id} is {found.state}: only a rejected or a held feed is read again")
        with waiting(pipeline, feed_id) as tell:
            pipeline.work_feed(feed_id, now(), tell)
        with pipeline.store.reading() as session:
            report = feed_report(session, session.get_one(Feed, feed_id))
    print_json(report) if in_json else print_report(report)
    sys.exit(1 if report["state"] == "rejected" else 0)


def rehearsal_line(rehearsal: Rehearsal) -> dict[str, Any]:
    """Return the JSON object of a rehearsal, with `why` in English."""
    return {"feed": rehearsal.feed, "state": rehearsal.state, "why": rehearsal.why} | structs.asdict(rehearsal)


def print_rehearsal(found: Feed, rehearsal: Rehearsal) -> None:
    """Print last and next reading side by side, and the first items that would end otherwise."""
    out.print(f"feed {found.id}  {found.name}  is {found.state}, and would be [bold]{rehearsal.state}[/]", markup=True)
    for why in rehearsal.why:
        out.print(f"  {why}", markup=False)
    table = Table("", "last reading", "next reading", box=None, padding=(0, 1))
    for kind in ("outcomes", "totals", "rules"):
        before, after = getattr(rehearsal.before, kind), getattr(rehearsal.after, kind)
        for name in sorted({*before, *after}):
            was, would_be = str(before.get(name, 0)), str(after.get(name, 0))
            table.add_row(name, was, would_be, style=None if was == would_be else "bold")
    out.print(table, markup=False)
    out.print(f"{counted(len(rehearsal.changes), 'item')} would end otherwise", markup=False)
    for change in rehearsal.changes[:SHOWN_CHANGES]:
        out.print(f"  item {change.seq}  {change.number or '-'}  {change.before} -> {change.after}", markup=False)
    if len(rehearsal.changes) > SHOWN_CHANGES:
        out.print(f"  and {len(rehearsal.changes) - SHOWN_CHANGES} more (--json gives them all)", markup=False)
