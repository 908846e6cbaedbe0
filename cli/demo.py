"""`facteur demo`: creates the demo data by running thirteen months through the pipeline, continues it to today, and
serves it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli.command_language import language, said
from cli.listening_port import refuse_what_is_taken, served_ports
from cli.open_pipeline import open_pipeline
from cli.open_store import load_config, now, opened_store
from cli.output import err, out, print_line, say_no, tell
from cli.servers import up
from cli.text_table import print_table
from cli.translated_help import command, option
from config import Config
from demo.continued_world import ContinuedWorld
from demo.life_beside_servers import life_beside_servers
from demo.payment_provider import open_payment_page
from demo.people.remembered_passwords import passwords_remembered
from demo.simulation import Simulation, Tell
from demo.summary import DemoSummary
from pipeline.feed_pipeline import Pipeline
from store.db.wake_up_signal import NoWakeUpSignal
from store.issuer import all_issuers
from store.last_worked_as_of import note_work
from words.relative_dates import spell_month

_TODAY: Final = "today"


class LastDay(click.ParamType[date | Literal["today"]]):
    """A day, or `today`."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date | Literal["today"]:
        """Return the day. Anything else is wrong usage (exit 2)."""
        if value == _TODAY:
            return "today"
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(said("{text!r} is no day: write 2026-12-24, or today", text=value), param, ctx)


@command()
@option("--no-serve", is_flag=True, help="Stop when all is worked, with a summary.")
@option(
    "--until", type=LastDay(), metavar="DAY",
    help="The last day that is lived: 2026-12-24, or today. Else today where it is served, and with --no-serve the day "
    "on which the thirteen months end.",
)  # fmt: skip
def demo(no_serve: bool, until: date | Literal["today"] | None) -> None:
    """A world to look at: sample issuers, people and feeds through the whole pipeline; then serve it.

    A world that is there already is continued to today, and lives on while it is served.
    """
    if not no_serve:
        refuse_what_is_taken(served_ports(load_config()))  # before minutes are spent on a world
    with open_pipeline() as pipeline:
        moment = _moment(until or (None if no_serve else "today"), pipeline.config)
        world = ContinuedWorld(pipeline.store, pipeline.config)
        if not world.has_begun:
            live(pipeline)
            world.begin()
        if moment is not None and moment > world.lived_until:
            live_on(pipeline, world, moment)
        print_summary(pipeline)
    if not no_serve:
        with opened_store(NoWakeUpSignal()) as (store, settings):
            page = open_payment_page(store, settings, now)
        tell("payment page {url}: it takes no money", url=page)
        with life_beside_servers(_open_world, now):
            up.callback()  # type: ignore[misc]


def _moment(until: date | Literal["today"] | None, config: Config) -> datetime | None:
    """Return the moment until which to live, None for the end of the thirteen months. A day that is yet to come exits
    with 1: what has not happened cannot be served."""
    if until is None or until == _TODAY:
        return now() if until else None
    zone = ZoneInfo(config.time_zone)
    if until > now().astimezone(zone).date():
        say_no("{day} is yet to come", day=until.isoformat())
    return min(now(), datetime.combine(until, time.max, zone))


@contextmanager
def _open_world() -> Iterator[ContinuedWorld]:
    """The world beside the servers, without Alice: whoever looks at the demo is Alice."""
    with opened_store() as (store, settings):
        yield ContinuedWorld(store, settings, with_alice=False)


def print_summary(pipeline: Pipeline) -> None:
    """Print counts by issuer, then of everything, then addresses and sign-ins."""
    summary = DemoSummary(pipeline.config, language())
    with pipeline.store.reading() as session:
        print_table(out, summary.headings(), summary.rows(session), right=range(1, len(summary.headings())))
        print_line(f"\n{summary.whole(session)}\n")
        lines = [*summary.doors(), *summary.letter(session, pipeline.store.keys)]
    for line in lines:
        print_line(line)


def live(pipeline: Pipeline) -> None:
    """Run the simulation. Exits with 1 when the home holds other issuers or an unfinished demo."""
    with pipeline.store.reading() as session:
        if all_issuers(session):
            say_no(
                "{home} holds other issuers, or a demo that was broken off: give an empty FACTEUR_HOME",
                home=pipeline.config.home,
            )
    tell("thirteen months are lived, which takes about seven minutes")
    world = Simulation(pipeline.store, pipeline.config)
    with passwords_remembered(), _progress(said("the world is made")) as (bar, told):
        world.prepare()
        world.live(monthly_counted(pipeline), told)
        bar.update(bar.task_ids[0], description=said("adoption is counted"), completed=bar.tasks[0].total)
        pipeline.work_until_idle(world.now)
    with pipeline.store.writing() as session:
        note_work(session, world.now, world.now)


def live_on(pipeline: Pipeline, world: ContinuedWorld, until: datetime) -> None:
    """Continue the world to this moment."""
    if until - world.lived_until > timedelta(days=1):
        tell("the world goes on where it stopped: a month takes about half a minute")
    with passwords_remembered(), _progress("") as (bar, told):
        world.live(until, monthly_counted(pipeline), told)
        bar.update(bar.task_ids[0], description=said("adoption is counted"), completed=bar.tasks[0].total)
        pipeline.work_until_idle(until)
    with pipeline.store.writing() as session:
        note_work(session, until, until)


@contextmanager
def _progress(beginning: str) -> Iterator[tuple[Progress, Tell]]:
    """A progress bar, and what moves it: day, days done and days in all."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err) as bar:
        task = bar.add_task(beginning, total=None)
        yield (
            bar,
            lambda day, done, total: bar.update(
                task, description=spell_month(day, language()), completed=done, total=total
            ),
        )


def monthly_counted(pipeline: Pipeline) -> Callable[[datetime], None]:
    """Return a function that does all pipeline work due at a moment, counts adoption at the first call of each month,
    and goes on with campaigns at the first of each week."""
    months: set[tuple[int, int]] = set()
    weeks: set[tuple[int, int]] = set()

    def work(now: datetime) -> None:
        if (now.year, now.month) not in months:
            months.add((now.year, now.month))
            pipeline.settle(now)
            pipeline.measure(now)
        if (week := now.isocalendar()[:2]) not in weeks:
            weeks.add(week)
            for task in ("households", "invite"):
                pipeline.periodic.run_now(task, now, pipeline.is_stopping)
        pipeline.drain(now)

    return work
