"""Reads row ids that visitors and programs write. An id too large for any row is treated as not there."""

from typing import Final

from flask import Flask
from werkzeug.routing import BaseConverter

#: Databases number rows in 64 bits with a sign, and raise over more. No row ever comes to have this number.
LARGEST: Final = (1 << 63) - 1
_DIGITS: Final = len(str(LARGEST))


def row_id(text: str) -> int | None:
    """Returns the id in plain digits; one too large for any row becomes `LARGEST`. None if it is no number."""
    if not (text.isascii() and text.isdecimal()):
        return None
    return LARGEST if len(text) > _DIGITS else min(int(text), LARGEST)


class RowIdConverter(BaseConverter):
    """Werkzeug's `<int:…>` in a path, bounded to what a row id can be."""

    regex = "[0-9]+"

    def to_python(self, value: str) -> int:
        number = row_id(value)
        assert number is not None
        return number


def install(app: Flask) -> None:
    """Use `RowIdConverter` for every `<int:…>` of the portal."""
    app.url_map.converters["int"] = RowIdConverter
