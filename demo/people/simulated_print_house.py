"""A simulated print house and post: collects print batches, writes acknowledgements, delivers letters."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from consumers.claim_code import claim_code
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
    """A print house that reads *outbox*. It derives the claim codes from *secret* instead of reading them from the
    PDF."""

    def __init__(self, outbox: Path, secret: bytes) -> None:
        self._outbox = outbox
        self._secret = secret
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
                    code = claim_code(self._secret, piece.delivery)
                    yield ReceivedLetter(today + POST, piece.issuer, piece.bill, code)

    def _answer(self, manifest: PrintManifest) -> None:
        """Write an acknowledgement file and move it into place, so that no half-written one is read."""
        answer = msgspec.json.encode(Answer(letters=manifest.letters, sheets=manifest.sheets))
        draft = self._outbox / f".{manifest.name}.ack.part"
        draft.write_bytes(answer)
        draft.replace(self._outbox / f"{manifest.name}.ack.json")
