"""Row numbers as visitors and programs write them: what no row can be called is not there, wherever it is written."""

from typing import Final

from flask import Flask
from werkzeug.routing import BaseConverter

#: Databases number rows in 64 bits with a sign, and raise over more. No row ever comes to have this number.
LARGEST: Final = (1 << 63) - 1
_DIGITS: Final = len(str(LARGEST))


def row_id(text: str) -> int | None:
    """The number of a row in plain digits; one that no row can have becomes `LARGEST`. None where it is no number."""
    if not (text.isascii() and text.isdecimal()):
        return None
    return LARGEST if len(text) > _DIGITS else min(int(text), LARGEST)


class RowIdConverter(BaseConverter):
    """`<int:…>` in a path. Whoever may not look there is shown the same door as for any other number."""

    regex = "[0-9]+"

    def to_python(self, value: str) -> int:
        number = row_id(value)
        assert number is not None
        return number


def install(app: Flask) -> None:
    """Every `<int:…>` of the portal is a row's number, or smaller."""
    app.url_map.converters["int"] = RowIdConverter
