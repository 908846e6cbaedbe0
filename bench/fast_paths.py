"""Measures what each fast path wins: the same bills with it and with the plain way in its place, interleaved in one
run.

    python -m bench.fast_paths [rounds]

Times are CPU time a bill; a percentage is how much longer the plain way takes. Sizes are those of a bill's file and of
its stored part. A path that wins less than a twentieth of a promised figure is removed (docs/fast-paths.md). Reading
has one fast path, the shape cache, measured here too.
"""

import gc
import sys
import time
from statistics import median
from typing import Final

from msgspec.structs import replace

import render.type.european_font_subset
from bench.ingest import PART, Feed, bare, document
from bench.ingest import seconds as seconds_of_reading
from bench.render import _brand, bill, stored_bytes
from bill import TYPEFACES
from render.compiled_template import Template, compile_template
from render.fast_paths.composite_accents import share_accents
from render.type.font_family import font_faces
from store.feeds.chunk import CHUNK_SIZE
from tests.slow_paths import PATHS, plainly

BILLS: Final = 150
AS_IT_IS: Final = "as it is"


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    _draw(rounds)
    _accents()
    _read(rounds)


def _draw(rounds: int) -> None:
    template = compile_template(_brand())
    sides = [AS_IT_IS, *PATHS]
    for side in sides:
        _seconds(template, side, 10_000)
    times = [[_seconds(template, side, number) for side in sides] for number in range(rounds)]
    medians = [median(side) for side in zip(*times, strict=True)]
    print(f"a bill is drawn plainly but for one thing, medians of {rounds} rounds")
    for side, seconds in zip(sides, medians, strict=True):
        with plainly(side):
            bills = [template.parts(bill(number)) for number in range(CHUNK_SIZE)]
        more, size = 100 * (seconds / medians[0] - 1), len(template.prefix) + sum(map(len, bills[0]))
        print(f"  {side:24}{1e6 * seconds:7.0f} µs {more:+7.1f} %  file {size}  stored {stored_bytes(bills):.0f}")


def _accents() -> None:
    """Print the sizes of prefixes with and without shared accents."""
    for typeface in TYPEFACES:
        brand = replace(_brand(), typeface=typeface)
        sizes = []
        for share in (share_accents, lambda *_: None):
            font_faces.cache_clear()
            render.type.european_font_subset.share_accents = share
            sizes.append(len(compile_template(brand).prefix))
        font_faces.cache_clear()
        render.type.european_font_subset.share_accents = share_accents
        print(f"  shared accents, {typeface:8}{'':20}  prefix {sizes[0]}, without {sizes[1]}")


def _seconds(template: Template, side: str, number: int) -> float:
    bills = [bill(n) for n in range(number * BILLS, (number + 1) * BILLS)]
    with plainly(side):
        gc.collect()
        gc.disable()
        began = time.process_time()
        for each in bills:
            template.suffix(each)
        ended = time.process_time()
        gc.enable()
    return (ended - began) / BILLS


def _read(rounds: int) -> None:
    bodies = [document(number) for number in range(rounds * PART)]
    sides = [bare, Feed(learns=True).read, Feed(learns=False).read]
    times = [seconds_of_reading(sides, bodies[part::rounds]) for part in range(rounds)]
    parse, known, unknown = [median(side) for side in zip(*times, strict=True)]
    print(f"a bill is read at {100 * parse / known:.0f} % of lxml's parse")
    print(f"  {'shapes':24}{'':20}  at {100 * parse / unknown:.0f} %")


if __name__ == "__main__":
    main()
