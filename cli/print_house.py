"""`facteur printhouse`: a print house for tests, which answers what lies in the outboxes."""

from pathlib import Path

import msgspec

from cli.command_language import said
from cli.open_print_houses import open_print_houses
from cli.open_store import load_config, now
from cli.output import as_json, print_json, print_line, say_no, tell
from cli.translated_help import group, option
from demo.people.simulated_print_house import SimulatedLot, simulate


@group("printhouse")
def print_house_verb() -> None:
    """A print house for tests."""


@print_house_verb.command("simulate")
@option("--seed", type=int, default=1, show_default=True, help="The same seed does the same with the same lot.")
@option("--house", metavar="SLUG", help="Only at this print house.")
@as_json
def print_house_simulate(seed: int, house: str | None, in_json: bool) -> None:
    """Look at the outboxes once: acknowledge, lose, double and return what lies there, by the seed.

    A lot that has an answer is left alone.
    """
    houses = open_print_houses(load_config())
    if house is not None and houses.named(house) is None:
        say_no("there is no print house {slug!r} (known: {known})", slug=house, known=", ".join(houses.slugs))
    lots = [
        (slug, lot) for slug, outbox in houses.outboxes.items() if house in (None, slug) for lot in _lots(outbox, seed)
    ]
    for slug, lot in lots:
        if in_json:
            print_json({"house": slug, **msgspec.to_builtins(lot)})
        else:
            print_line(_told(slug, lot))
    if not lots:
        tell("no lot waits for an answer")


def _lots(outbox: Path, seed: int) -> list[SimulatedLot]:
    return simulate(outbox, seed, now()).lots if outbox.is_dir() else []


def _told(house: str, lot: SimulatedLot) -> str:
    deeds = {
        "acknowledged": said("acknowledged"), "missing": said("acknowledged, with sets missing"),
        "silent": said("lost, without an answer"), "doubled": said("printed twice"),
        "answered_twice": said("acknowledged twice"),
    }  # fmt: skip
    back = said("{n} letter comes back|{n} letters come back", n=len(lot.returned))
    return f"{house}  {lot.name}  {deeds[lot.deed]}" + (f"  {back}" if lot.returned else "")
