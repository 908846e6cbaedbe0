"""How verbs speak: words and progress to stderr, results to stdout, and one way to say no."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click
import msgspec
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from issuers.profile_section import ProfileError
from issuers.registry import IssuerError
from render.style.brand_colour import BrandError
from store.db.migrations import StoreIsNewer

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False)


class Refusal(click.ClickException):
    """The data said no: the message says what and what to do; exit 1."""

    exit_code = 1

    def show(self, file: Any = None) -> None:  # noqa: ARG002
        err.print(f"[red]facteur:[/] {self.message}", markup=True)


def say_no(message: str) -> NoReturn:
    raise Refusal(message.replace("[", r"\["))


def print_json(value: Any) -> None:
    click.echo(msgspec.json.encode(value).decode())


def as_json(command: Any) -> Any:
    """The `--json` flag."""
    return click.option("--json", "in_json", is_flag=True, help="One JSON object a line on stdout.")(command)


@contextmanager
def refusing() -> Iterator[None]:
    """What a person typed wrong, or a store that is too new, is said in one line, with exit code 1."""
    try:
        yield
    except (ProfileError, IssuerError, BrandError, StoreIsNewer, OSError) as error:
        say_no(str(error))


@contextmanager
def counting(what: str) -> Iterator[Any]:
    """A growing number on stderr."""
    with Progress(
        SpinnerColumn(), TextColumn("{task.completed} " + what), TimeElapsedColumn(), console=err, transient=True
    ) as bar:
        task = bar.add_task(what, total=None)
        yield lambda more: bar.advance(task, more)


@contextmanager
def working() -> Iterator[Any]:
    """A line on stderr that says what is being done, and how often."""
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=err, transient=True
    ) as bar:
        task = bar.add_task("looking")
        steps: dict[str, int] = {}

        def tell(step: str) -> None:
            steps[step] = steps.get(step, 0) + 1
            bar.update(task, description="  ".join(f"{name} {times}" for name, times in steps.items()))

        yield tell
