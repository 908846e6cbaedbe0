"""Bill + brand -> PDF bytes. Pure: no database, no network, no clock."""

from render.archived import NotOurs
from render.colour import BrandError
from render.compose import NO_HISTORY
from render.excerpt import joined, take_out
from render.letter_pages import LetterPages, read_pages
from render.picture import pictures
from render.print_stream import PrintStream
from render.specimen import specimen
from render.template import ENGINE, Template, compile_template

__all__ = [
    "ENGINE",
    "NO_HISTORY",
    "BrandError",
    "LetterPages",
    "NotOurs",
    "PrintStream",
    "Template",
    "compile_template",
    "joined",
    "pictures",
    "read_pages",
    "specimen",
    "take_out",
]
