"""Output of commands: results to stdout, messages and progress to stderr, refusals with exit code 1."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, NoReturn

import click
import msgspec
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from cli.command_language import language, reason_words, said
from cli.translated_help import option
from config import log_format
from render.style.page_colours import BrandError
from words.catalogue import M_
from words.spoken_error import SpokenError

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

log = logging.getLogger(__name__)

_SERVERS: Final = frozenset({"up", "web", "worker", "sftp", "smtp"})
#: What the pipeline does, by the names that it tells its steps by.
_STEPS: Final = {
    "read": M_("feeds read {n}"),
    "work_chunk": M_("bills worked {n}"),
    "run_job": M_("jobs {n}"),
    "send": M_("sent {n}"),
    "print": M_("printed {n}"),
    "hear": M_("answers heard {n}"),
    "send_webhooks": M_("webhooks sent {n}"),
}


def writes_log_for_programs() -> bool:
    """Return whether stderr is the log of a server, a JSON object a line: nothing else may stand there."""
    context = click.get_current_context(silent=True)
    return context is not None and context.info_name in _SERVERS and log_format() == "json"


class Refusal(click.ClickException):
    """A command cannot be done because of the data. The message says why and what to do. Exit code 1."""

    exit_code = 1

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self._is_logged = writes_log_for_programs()

    def show(self, file: Any = None) -> None:  # noqa: ARG002
        """Print the message on stderr."""
        if self._is_logged:
            log.error("does not serve: %s", self.message)
            return
        err.print("[red]facteur:[/] ", end="")
        err.print(self.message, markup=False)


def say_no(text: str, /, **values: object) -> NoReturn:
    """Exit with 1 and this sentence in the reader's language."""
    raise Refusal(said(text, **values))


def refuse(error: SpokenError) -> NoReturn:
    """Exit with 1 and this error's message in the reader's language."""
    raise Refusal(error.spelled(language()))


def tell(text: str, /, **values: object) -> None:
    """Print a sentence on stderr, in the reader's language."""
    err.print(said(text, **values), markup=False)


def print_line(text: str) -> None:
    """Print a line of a result on stdout, as it is."""
    out.print(text, markup=False)


def print_json(value: Any) -> None:
    """Print *value* as one line of JSON (UTF-8, RFC 8259) on stdout, whatever the language and its encoding are."""
    click.echo(msgspec.json.encode(value, enc_hook=int))  # a row is told by its number


def as_json(command: Any) -> Any:
    """Add the `--json` option to a command."""
    return option("--json", "in_json", is_flag=True, help="One JSON object a line on stdout.")(command)


@contextmanager
def refusing() -> Iterator[None]:
    """Turn errors of user input, files and store version into one line on stderr and exit code 1."""
    try:
        yield
    except SpokenError as error:
        refuse(error)
    except BrandError as error:
        raise Refusal(reason_words(error.reason)) from error
    except OSError as error:
        refuse(file_error(error))


def file_error(error: OSError) -> SpokenError:
    """Return what the system says of a file, in words."""
    if error.filename is None:
        return SpokenError("{reason}", reason=error.strerror or str(error))
    return SpokenError("{path}: {reason}", path=error.filename, reason=error.strerror)


def decider(by: str, reason: str) -> tuple[str, str]:
    """Return who decides and why, without blanks around. Exits with 1 where one is empty."""
    if not by.strip() or not reason.strip():
        say_no("say who decides, and why")
    return by.strip(), reason.strip()


@contextmanager
def counting(text: str) -> Iterator[Callable[[int], None]]:
    """Show a sentence with a growing count `{n}` on stderr. Yields the function that adds to it."""
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=err, transient=True
    ) as bar:
        task = bar.add_task(said(text, n=0))

        def add(more: int) -> None:
            done = int(bar.tasks[0].completed) + more
            bar.update(task, completed=done, description=said(text, n=done))

        yield add


@contextmanager
def working() -> Iterator[Callable[[str], None]]:
    """Show each step and how often it was done, on stderr. Yields the function that reports a step."""
    with Progress(
        SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=err, transient=True
    ) as bar:
        task = bar.add_task(said("looking"))
        steps: Counter[str] = Counter()

        def report(step: str) -> None:
            steps[step] += 1
            bar.update(
                task,
                description="  ".join(
                    said(_STEPS.get(name, f"{name} {{n}}"), n=times) for name, times in steps.items()
                ),
            )

        yield report
