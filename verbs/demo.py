"""The demo's verb: joins the demo's world to the road."""

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from demo.summary import print_summary
from demo.world import World
from store.issuer import all_issuers
from verbs.serve import up
from verbs.speech import err, out, say_no
from verbs.walk import a_road


@click.command()
@click.option("--no-serve", is_flag=True, help="Stop after the road, with a summary.")
def demo(no_serve: bool) -> None:
    """A world to look at: sample issuers, people and feeds through the whole road; then serve it."""
    with a_road() as road:
        with road.store.reading() as session:
            if all_issuers(session):
                say_no(f"{road.config.home} holds a world already: give an empty FACTEUR_HOME, or remove that folder")
        world = World(road.store, road.config)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=err) as bar:
            task = bar.add_task("the world is made", total=None)
            world.prepare()
            world.live(
                road.work_until_idle,
                lambda words, done, total: bar.update(task, description=words, completed=done, total=total),
            )
        print_summary(road.store, road.config, out)
    if not no_serve:
        up.callback()  # type: ignore[misc]
