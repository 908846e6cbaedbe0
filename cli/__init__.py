"""The command line, a file a noun: `facteur …`."""

from cli.command_group import main

__all__ = ["main"]
