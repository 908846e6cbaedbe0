"""The command line `facteur …`, one file for each noun."""

from cli.main import main

__all__ = ["main"]
