"""A simulated print house and post: collects print batches, writes acknowledgements, delivers letters."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from delivery.channels.paper.print_manifest import PrintManifest
from delivery.channels.paper.print_outbox import Answer

#: Time from handover to letter box.
POST: Final = timedelta(days=3)


class ReceivedLetter(NamedTuple):
    """A letter in a letter box: its issuer, its bill, its claim code."""

    arrives: date
    issuer: str  # its slug
    bill: str  # the bill's number
    code: str


class SimulatedPrintHouse:
    """A print house that reads *outbox*. It asks *code_of* for the claim code of a delivery instead of reading it from
    the PDF."""

    def __init__(self, outbox: Path, code_of: Callable[[int], str]) -> None:
        self._outbox = outbox
        self._code_of = code_of
        self._taken: set[str] = set()

    def take(self, today: date) -> Iterator[ReceivedLetter]:
        """Print and post the batches handed over since the last call and acknowledge each. Yields the letters."""
        for path in sorted(self._outbox.glob("lot-*.json")):
            if path.name.endswith(".ack.json") or path.name in self._taken:
                continue
            self._taken.add(path.name)
            manifest = msgspec.json.decode(path.read_bytes(), type=PrintManifest)
            self._answer(manifest)
            for piece in manifest.pieces:
                if piece.has_code:
                    yield ReceivedLetter(today + POST, piece.issuer, piece.bill, self._code_of(piece.delivery))

    def _answer(self, manifest: PrintManifest) -> None:
        """Write an acknowledgement file and move it into place, so that no half-written one is read."""
        answer = msgspec.json.encode(Answer(letters=manifest.letters, sheets=manifest.sheets))
        draft = self._outbox / f".{manifest.name}.ack.part"
        draft.write_bytes(answer)
        draft.replace(self._outbox / f"{manifest.name}.ack.json")
