"""The command line `facteur …`, one file for each noun."""

from cli.command_group import main

__all__ = ["main"]
