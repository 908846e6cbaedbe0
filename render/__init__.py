"""Bill + brand -> PDF bytes. Pure: no database, no network, no clock."""

from render.archived import NotOurs
from render.colour import BrandError
from render.excerpt import joined, take_out
from render.inserter import Place
from render.letter import Overlay
from render.print_stream import PrintStream, measure
from render.template import ENGINE, Template, compile_template

__all__ = [
    "ENGINE",
    "BrandError",
    "NotOurs",
    "Overlay",
    "Place",
    "PrintStream",
    "Template",
    "compile_template",
    "joined",
    "measure",
    "take_out",
]
