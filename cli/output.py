"""Output of commands: results to stdout, messages and progress to stderr, refusals with exit code 1."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click
import msgspec
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bill import Reason
from issuers.profile_section import ProfileError
from issuers.registry import IssuerError
from render.style.page_colours import BrandError
from store.db.migrations import StoreIsNewer
from words.reason_text import reason_text

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False)


class Refusal(click.ClickException):
    """A command cannot be done because of the data. The message says why and what to do. Exit code 1."""

    exit_code = 1

    def show(self, file: Any = None) -> None:  # noqa: ARG002
        """Print the message on stderr."""
        err.print(f"[red]facteur:[/] {self.message}", markup=True)


def say_no(message: str) -> NoReturn:
    """Exit with 1 and this message."""
    raise Refusal(message.replace("[", r"\["))


def print_json(value: Any) -> None:
    """Print *value* as one line of JSON on stdout."""
    click.echo(msgspec.json.encode(value).decode())


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 bill`, `2 bills`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def english(reason: Reason) -> str:
    """A reason in English, as all that commands say."""
    return reason_text(reason.code, reason.values, "en")


def as_json(command: Any) -> Any:
    """Add the `--json` option to a command."""
    return click.option("--json", "in_json", is_flag=True, help="One JSON object a line on stdout.")(command)


@contextmanager
def refusing() -> Iterator[None]:
    """Turn errors of user input, files and store version into one line on stderr and exit code 1."""
    try:
        yield
    except (ProfileError, IssuerError, BrandError, StoreIsNewer, OSError) as error:
        say_no(str(error))


@contextmanager
def counting(what: str) -> Iterator[Any]:
    """Show a growing count of *what* on stderr. Yields the function that adds to it."""
    with Progress(
        SpinnerColumn(), TextColumn("{task.completed} " + what), TimeElapsedColumn(), console=err, transient=True
    ) as bar:
        task = bar.add_task(what, total=None)
        yield lambda more: bar.advance(task, more)


@contextmanager
def working() -> Iterator[Any]:
    """Show each step and how often it was done, on stderr. Yields the function that reports a step."""
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=err, transient=True
    ) as bar:
        task = bar.add_task("looking")
        steps: dict[str, int] = {}

        def tell(step: str) -> None:
            steps[step] = steps.get(step, 0) + 1
            bar.update(task, description="  ".join(f"{name} {times}" for name, times in steps.items()))

        yield tell
