"""Bill + brand -> PDF bytes. Pure: no database, no network, no clock."""

from render.archived import NotOurs
from render.colour import BrandError
from render.compose import NO_HISTORY
from render.excerpt import joined, take_out
from render.inserter import Place
from render.letter import Overlay
from render.picture import pictures
from render.print_stream import PrintStream, measure
from render.specimen import specimen
from render.template import ENGINE, Template, compile_template

__all__ = [
    "ENGINE",
    "NO_HISTORY",
    "BrandError",
    "NotOurs",
    "Overlay",
    "Place",
    "PrintStream",
    "Template",
    "compile_template",
    "joined",
    "measure",
    "pictures",
    "specimen",
    "take_out",
]
