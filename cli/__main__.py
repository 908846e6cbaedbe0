"""Runs the command line with `python -m cli`, the same as the console script `facteur`."""

from cli.main import main

main()
