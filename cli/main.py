"""The entry point of `facteur …`: maps each command to its module (docs/promises.md: scripts depend on the commands).

`--json` prints one JSON object a line on stdout and nothing else there; progress and messages go to stderr. Exit codes:
0 done, 1 refused because of the data, 2 wrong usage.
"""

import sys
from importlib import import_module
from io import TextIOWrapper
from typing import Any, Final

import click

import config
from cli.click_sentences import translate_click
from cli.translated_help import TranslatedGroup, TranslatedOption, option
from logs.begin_logging import begin_logging

#: Command -> module in `cli`, and the function in it. A module is imported when its command is called.
COMMANDS: Final = {
    "account": "account:account",
    "adoption": "adoption:adoption_verb",
    "bill": "bill:bill",
    "campaign": "campaign:campaign_verb",
    "check": "check:check",
    "delivery": "delivery:delivery_verb",
    "demo": "demo:demo",
    "dispute": "dispute:dispute_verb",
    "e-report": "e_report:e_report",
    "feed": "feed:feed",
    "issuer": "issuer_and_operator:issuer",
    "keys": "keys:keys",
    "mail": "mail:mail_verb",
    "operator": "issuer_and_operator:operator",
    "payment": "payment:payment_verb",
    "payment-provider": "payment_provider:payment_provider",
    "person": "person:person",
    "plan": "plan:plan_verb",
    "print": "print_batch:print_verb",
    "printhouse": "print_house:print_house_verb",
    "returned": "returned_mail:returned",
    "sftp": "servers:sftp",
    "smtp": "servers:smtp",
    "up": "servers:up",
    "web": "servers:web",
    "webhook": "webhook:webhook",
    "work": "servers:work",
    "worker": "servers:worker",
}


class CommandGroup(TranslatedGroup):
    """A group that imports a command's module only when the command is called."""

    def main(self, *arguments: Any, **settings: Any) -> Any:
        """Run the command line. Signs that the terminal's encoding has not are replaced, not fatal."""
        translate_click()
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                stream.reconfigure(errors="replace")
        return super().main(*arguments, **settings)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of all commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import and return a command; None when there is none of this name."""
        if cmd_name not in COMMANDS:
            return None
        file, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(import_module(f"cli.{file}"), name)
        assert isinstance(command, click.Command)
        return command


@click.command(cls=CommandGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(
    package_name="facteur", message="%(prog)s %(version)s", cls=TranslatedOption, help="Show the version and exit."
)
@option("-v", "--verbose", is_flag=True, help="Say what is being done, on stderr.")
def main(verbose: bool) -> None:
    """Facteur: one portal for every bill, and paper in time for whoever does not go digital."""
    try:
        form = config.log_format()
    except config.ConfigError as error:
        from cli.output import refuse  # it loads what draws tables

        refuse(error)
    begin_logging(form, click.get_current_context().invoked_subcommand or "", verbose=verbose)
