"""A simulated print house and post: collects print batches, writes acknowledgements, delivers letters.

`SimulatedPrintHouse` prints everything, for the demo's world. `simulate` looks at an outbox once and, by a seed, loses,
doubles and brings back letters too, for tests and the demo while it is served (`facteur printhouse simulate`).
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from delivery.channels.paper.print_manifest import PrintManifest
from delivery.channels.paper.print_outbox import Answer
from demo.people.print_house_fate import TROUBLED, Deed, LotFate, Odds, fate_of

#: Time from handover to letter box.
POST: Final = timedelta(days=3)


class ReceivedLetter(NamedTuple):
    """A letter in a letter box: its issuer, its bill, its claim code."""

    arrives: date
    issuer: str  # its slug
    bill: str  # the bill's number
    code: str


class ReturnedLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that the post brought back: its set in the lot, its delivery, and why."""

    n: int
    delivery: int
    reason: str


class SimulatedLot(msgspec.Struct, frozen=True, kw_only=True):
    """What was done with one lot: *missing* are the sets that were not printed."""

    lot: int
    name: str
    letters: int
    deed: Deed
    missing: tuple[int, ...] = ()
    returned: tuple[ReturnedLetter, ...] = ()


class SimulationReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was done with the lots that nobody had answered yet, in the order of their names."""

    at: datetime
    seed: int
    lots: list[SimulatedLot]


class SimulatedPrintHouse:
    """A print house that reads *outbox*. It asks *code_of* for the claim code of a delivery instead of reading it from
    the PDF."""

    def __init__(self, outbox: Path, code_of: Callable[[int], str]) -> None:
        self._outbox = outbox
        self._code_of = code_of
        self._taken: set[str] = set()

    def take(self, today: date) -> Iterator[ReceivedLetter]:
        """Print and post the batches handed over since the last call and acknowledge each. Yields the letters."""
        for name in _lots_in(self._outbox):
            if name in self._taken:
                continue
            self._taken.add(name)
            manifest = _manifest(self._outbox, name)
            _acknowledge(self._outbox, manifest)
            for piece in manifest.pieces:
                if piece.has_code:
                    yield ReceivedLetter(today + POST, piece.issuer, piece.bill, self._code_of(piece.delivery))


def simulate(outbox: Path, seed: int, now: datetime, odds: Odds = TROUBLED) -> SimulationReport:
    """Look at the outbox once and do with each lot that has no answer what the seed says. A lot that is lost has none
    the next time either."""
    waiting = [name for name in _lots_in(outbox) if not (outbox / f"{name}.ack.json").exists()]
    lots = [_carry_out(outbox, _manifest(outbox, name), seed, odds) for name in waiting]
    return SimulationReport(at=now, seed=seed, lots=lots)


def _carry_out(outbox: Path, manifest: PrintManifest, seed: int, odds: Odds) -> SimulatedLot:
    fate = fate_of(manifest, seed, odds)
    back = _returned(manifest, fate)
    if back:
        entries = [{"delivery": each.delivery, "n": each.n, "reason": each.reason} for each in back]
        _write_whole(outbox / f"{manifest.name}.returned.json", msgspec.json.encode({"returned": entries}))
    if fate.deed == "answered_twice":
        _acknowledge(outbox, manifest, again=True)
    if fate.deed != "silent":
        _acknowledge(outbox, manifest, fate.missing, times=2 if fate.deed == "doubled" else 1)
    return SimulatedLot(
        lot=manifest.lot, name=manifest.name, letters=manifest.letters, deed=fate.deed, missing=fate.missing,
        returned=tuple(back),
    )  # fmt: skip


def _returned(manifest: PrintManifest, fate: LotFate) -> list[ReturnedLetter]:
    deliveries = {piece.n: piece.delivery for piece in manifest.pieces}
    return [ReturnedLetter(n=n, delivery=deliveries[n], reason=reason) for n, reason in fate.returned]


def _lots_in(outbox: Path) -> list[str]:
    """Return the names of the lots that have a manifest. Names of other files have a second point."""
    return sorted(path.stem for path in outbox.glob("lot-*.json") if "." not in path.stem)


def _manifest(outbox: Path, name: str) -> PrintManifest:
    return msgspec.json.decode((outbox / f"{name}.json").read_bytes(), type=PrintManifest)


def _acknowledge(
    outbox: Path, manifest: PrintManifest, missing: Sequence[int] = (), *, times: int = 1, again: bool = False
) -> None:
    """Write the answer that the lot was printed so many *times*, but for the missing sets. With *again*, write it as
    a second answer."""
    unprinted = [piece.sheets for piece in manifest.pieces if piece.n in missing]
    answer = Answer(
        letters=(manifest.letters - len(unprinted)) * times, sheets=(manifest.sheets - sum(unprinted)) * times,
        missing=tuple(missing),
    )  # fmt: skip
    ending = ".ack-2.json" if again else ".ack.json"
    _write_whole(outbox / f"{manifest.name}{ending}", msgspec.json.encode(answer))


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file and move it into place, so that no half-written one is read."""
    draft = path.with_name(f".{path.name}.part")
    draft.write_bytes(content)
    draft.replace(path)
