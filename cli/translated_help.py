"""Verbs whose help is in the reader's language, looked up when it is shown: `group`, `command`, `option`.

The help of a verb is the docstring of its function, the help of an option its `help`; both are English in the code.
click's own sentences are translated by `cli.click_sentences`.
"""

import inspect
from collections.abc import Callable
from copy import copy
from typing import Any

import click

from cli.command_language import said
from words.catalogue import M_

_HELP = M_("Show this message and exit.")


def help_sentences(text: str) -> list[str]:
    """Return a help as the catalogue has it: its paragraphs, each on one line."""
    return [" ".join(each.split()) for each in inspect.cleandoc(text).split("\n\n")]


def translated(text: str | None) -> str | None:
    """Return a help in the reader's language; None where there is none."""
    return "\n\n".join(map(said, help_sentences(text))) if text else None


class _Formatter(click.HelpFormatter):
    def write_heading(self, heading: str) -> None:
        """Write a heading with its colon, before which French has a blank."""
        self.write(f"{'':>{self.current_indent}}{said('{heading}:', heading=heading)}\n")


class _Context(click.Context):
    formatter_class = _Formatter


class TranslatedCommand(click.Command):
    """A verb whose help is in the reader's language."""

    context_class = _Context

    def get_short_help_str(self, limit: int = 45) -> str:  # noqa: ARG002 -- it is wrapped, never cut
        """Return the first paragraph of the help, in the reader's language."""
        return said(help_sentences(self.help)[0]) if self.help else ""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help in the reader's language."""
        shown = copy(self)
        shown.help = translated(self.help)
        click.Command.format_help_text(shown, ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return `--help`, its help in the reader's language."""
        found = super().get_help_option(ctx)
        if found is not None:
            found.help = said(_HELP)
        return found


class TranslatedGroup(TranslatedCommand, click.Group):
    """A verb that has verbs below it."""

    command_class = TranslatedCommand
    group_class = type


class TranslatedOption(click.Option):
    """An option whose help is in the reader's language."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return how the option is written, and its help in the reader's language."""
        shown = copy(self)
        shown.help = translated(self.help)
        return click.Option.get_help_record(shown, ctx)


def option(*declared: str, **settings: Any) -> Callable[[Any], Any]:
    """Add an option to a verb, as `click.option` does."""
    return click.option(*declared, cls=TranslatedOption, **settings)


def command(name: str | None = None, **settings: Any) -> Callable[[Callable[..., Any]], TranslatedCommand]:
    """Make a function a verb, as `click.command` does."""
    return click.command(name, cls=TranslatedCommand, **settings)


def group(name: str | None = None, **settings: Any) -> Callable[[Callable[..., Any]], TranslatedGroup]:
    """Make a function a verb with verbs below it, as `click.group` does."""
    return click.group(name, cls=TranslatedGroup, **settings)
