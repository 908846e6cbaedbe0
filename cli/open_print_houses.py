"""Reads the configured print houses for a command."""

from cli.output import refuse
from config import Config
from delivery import PrintHouseError, PrintHouses, read_print_houses


def open_print_houses(settings: Config) -> PrintHouses:
    """Return the print houses. Exits with 1 when their file is wrong."""
    try:
        return read_print_houses(
            settings.print_house, settings.home, settings.time_zone, settings.print_postcode
        )  # fmt: skip
    except PrintHouseError as error:
        refuse(error)
