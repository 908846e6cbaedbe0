"""The verbs of the command line, a file a noun; `cli.py` gathers them."""
