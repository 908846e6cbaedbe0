"""Prints letters of a handed-over lot again, on a named person's decision, and tells where they lie in its files."""

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bill import Reason
from delivery.channels.paper.print_batch import print_again
from delivery.channels.paper.print_manifest import PrintManifest
from store.db.event import record
from store.db.state_change import change_state
from store.delivery import Delivery
from words.spoken_error import SpokenError

_SETS = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")


class NoSuchSet(SpokenError):  # noqa: N818
    """The text names no set of this lot; the message says which part."""


def sets_of(text: str, manifest: PrintManifest) -> list[int]:
    """Return the sets that `12-14,20` names, sorted. Raises NoSuchSet."""
    named: set[int] = set()
    for part in text.replace(" ", "").split(","):
        found = _SETS.fullmatch(part)
        if found is None:
            raise NoSuchSet("{part!r} names no set: write 12, or 12-14, or 12-14,20", part=part)
        first, last = int(found[1]), int(found[2] or found[1])
        if not 1 <= first <= last <= manifest.letters:
            raise NoSuchSet(
                "{part}: lot {lot} has the sets 1 to {most}", part=part, lot=manifest.lot, most=manifest.letters
            )
        named.update(range(first, last + 1))
    return sorted(named)


def places_of_sets(manifest: PrintManifest, outbox: Path, sets: Iterable[int]) -> list[tuple[Path, int, int]]:
    """Return where each of these sets lies: the lot's file in the *outbox*, its first page from 1, how many pages."""
    pieces = [manifest.pieces[n - 1] for n in sets]
    return [(outbox / manifest.files[each.file - 1].pdf, each.first_page, each.pages) for each in pieces]


def note_cut_out(session: Session, batch_id: int, named: str, by: str, reason: str, now: datetime) -> None:
    """Write into the trail who took the sets that were *named* (`12-14,20`) out of a lot, and why."""
    why = f"{named} : {reason}" if reason else named
    record(session, "print_batch", batch_id, "cut out", now, by=by, why=why)


def print_sets_again(
    session: Session, manifest: PrintManifest, sets: Iterable[int], by: str, reason: str, now: datetime
) -> list[int]:
    """Add the letters of these sets to the next batch, each as a delivery that replaces the first.

    Returns the sets that are printed again; one that was already replaced is not.
    """
    again = []
    wanted, why = set(sets), Reason.said(reason)
    for piece in manifest.pieces:
        if piece.n in wanted:
            change_state(
                session, Delivery, piece.delivery, ["sent", "delivered"], "failed", now, by=by, why=why,
                reason=why,
            )  # fmt: skip
            if print_again(session, piece.delivery, by, reason, now):
                again.append(piece.n)
    return again
