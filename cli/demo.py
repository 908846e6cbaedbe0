"""`facteur demo`: creates the demo data by running thirteen months through the pipeline, then serves it."""

from collections.abc import Callable
from datetime import datetime

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from cli.command_language import language, said
from cli.open_pipeline import open_pipeline
from cli.open_store import now, opened_store
from cli.output import err, out, print_line, say_no, tell
from cli.servers import up
from cli.text_table import print_table
from cli.translated_help import command, option
from demo.payment_provider import open_payment_page
from demo.simulation import Simulation
from demo.summary import DemoSummary
from pipeline.feed_pipeline import Pipeline
from store.db.wake_up_signal import NoWakeUpSignal
from store.issuer import all_issuers
from store.last_worked_as_of import note_work
from words.relative_dates import spell_month


@command()
@option("--no-serve", is_flag=True, help="Stop when all is worked, with a summary.")
def demo(no_serve: bool) -> None:
    """A world to look at: sample issuers, people and feeds through the whole pipeline; then serve it.

    A world that is there already is served as it is.
    """
    with open_pipeline() as pipeline:
        finished = pipeline.config.home / "demo-finished"
        if not finished.exists():
            live(pipeline)
            finished.touch()
        print_summary(pipeline)
    if not no_serve:
        with opened_store(NoWakeUpSignal()) as (store, settings):
            page = open_payment_page(store, settings, now)
        tell("payment page {url}: it takes no money", url=page)
        up.callback()  # type: ignore[misc]


def print_summary(pipeline: Pipeline) -> None:
    """Print counts by issuer, then of everything, then addresses and sign-ins."""
    summary = DemoSummary(pipeline.config, language())
    with pipeline.store.reading() as session:
        print_table(out, summary.headings(), summary.rows(session), right=range(1, len(summary.headings())))
        print_line(f"\n{summary.whole(session)}\n")
    for line in summary.doors():
        print_line(line)


def live(pipeline: Pipeline) -> None:
    """Run the simulation. Exits with 1 when the home holds other issuers or an unfinished demo."""
    with pipeline.store.reading() as session:
        if all_issuers(session):
            say_no(
                "{home} holds other issuers, or a demo that was broken off: give an empty FACTEUR_HOME",
                home=pipeline.config.home,
            )
    world = Simulation(pipeline.store, pipeline.config)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err) as bar:
        task = bar.add_task(said("the world is made"), total=None)
        world.prepare()
        world.live(
            monthly_counted(pipeline),
            lambda day, done, total: bar.update(
                task, description=spell_month(day, language()), completed=done, total=total
            ),
        )
        bar.update(task, description=said("adoption is counted"))
        pipeline.work_until_idle(world.now)
    with pipeline.store.writing() as session:
        note_work(session, world.now, world.now)


def monthly_counted(pipeline: Pipeline) -> Callable[[datetime], None]:
    """Return a function that does all pipeline work due at a moment, and counts adoption at the first call of each
    month."""
    months: set[tuple[int, int]] = set()

    def work(now: datetime) -> None:
        if (now.year, now.month) not in months:
            months.add((now.year, now.month))
            pipeline.settle(now)
            pipeline.measure(now)
        pipeline.drain(now)

    return work
