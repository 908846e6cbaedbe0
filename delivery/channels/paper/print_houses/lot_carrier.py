"""What carries lots from a house's outbox folder to the house, and its answers back into the folder.

A house that reads the folder itself needs none. The folder remains the truth: whatever is carried can be carried again.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from delivery.channels.paper.print_manifest import PrintManifest


class LotCarrier(Protocol):
    """A way to one print house. Both raise Unavailable when the house cannot be reached or is not who it should be."""

    def carry(self, outbox: Path, manifest: PrintManifest) -> Iterator[None]:
        """Bring a lot's files, then its manifest. Yields while that goes on, so that other work can run. A lot that is
        there already is left alone."""

    def fetch(self, outbox: Path) -> int:
        """Bring new answers into the folder, each whole; returns how many."""
