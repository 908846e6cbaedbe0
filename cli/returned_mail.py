"""`facteur returned`: tells of letters that the post brought back, by a file or by a scanner."""

import io
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import click

from cli.command_language import said
from cli.open_print_houses import open_print_houses
from cli.open_store import WHO, now, opened_store
from cli.output import as_json, print_json, print_line, refuse, say_no
from cli.translated_help import group, option
from config import Config
from delivery.feedback.returns.returned_mail_file import (
    NotReturnedMail,
    ReturnedPiece,
    as_told,
    pieces_in,
    scanned_piece,
)
from delivery.feedback.returns.take_returned_pieces import PieceOutcome, ReturnSource, TakenPiece, take_piece
from store import Store
from store.accounts.return_reason import RETURN_REASONS, ReturnReason, return_reason_of
from store.last_worked_as_of import business_now
from words.catalogue import M_

#: What became of a piece.
_OUTCOMES: Final[dict[PieceOutcome, str]] = {
    "recorded": M_("came back: recorded"),
    "known": M_("known already"),
    "not_posted": M_("its letter has not left"),
    "unknown": M_("no letter of ours"),
    "no_reason": M_("nobody knows this reason"),
}
#: Outcomes after which nothing is to be done by hand.
_GOOD: Final = frozenset({"recorded", "known"})


@group("returned")
def returned() -> None:
    """Letters that the post brought back."""


@returned.command("read")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@option("--by", type=WHO, required=True, help="Who tells it.")
@as_json
def read(file: Path, by: str, in_json: bool) -> None:
    """Read a file of returned mail: the print house's JSON, or a table. Exit 1 where a line names no letter."""
    try:
        pieces = pieces_in(file.read_bytes(), file.name)
    except NotReturnedMail as error:
        refuse(error)
    with opened_store() as (store, settings):
        outcomes = _take(store, settings, pieces, by, in_json)
    if not in_json:
        print_line(
            said("{n} letter came back|{n} letters came back", n=outcomes["recorded"])
            + (", " + said("{n} known already|{n} known already", n=outcomes["known"]) if outcomes["known"] else "")
        )
    sys.exit(0 if outcomes.keys() <= _GOOD else 1)


@returned.command("scan")
@option("--reason", type=click.Choice(RETURN_REASONS), default="unknown", show_default=True, help="Why they came back.")
@option("--by", type=WHO, required=True, help="Who tells it.")
@as_json
def scan(reason: ReturnReason, by: str, in_json: bool) -> None:
    """Take what a scanner types, a mark a line, from standard input; each is answered at once.

    A line that names a reason counts from there on.
    """
    outcomes: Counter[str] = Counter()
    with opened_store() as (store, settings):
        for n, typed in enumerate(io.TextIOWrapper(sys.stdin.buffer, "utf-8", "replace"), 1):
            if not typed.strip():
                continue
            piece = scanned_piece(typed, reason, n)
            if piece is None and (other := _reason_in(typed)) is not None:
                reason = other
                continue
            piece = piece or ReturnedPiece(n, reason, told=as_told(typed))
            outcomes += _take(store, settings, [piece], by, in_json, is_each_told=True)
    sys.exit(0 if outcomes.keys() <= _GOOD else 1)


def _reason_in(typed: str) -> ReturnReason | None:
    """The reason that a line names; signs alone are a mark that was read badly."""
    return return_reason_of(typed) if any(map(str.isalpha, typed)) else None


def _take(
    store: Store, settings: Config, pieces: Iterable[ReturnedPiece], by: str, in_json: bool, *,
    is_each_told: bool = False,
) -> Counter[str]:  # fmt: skip
    """Record each piece, and tell what became of it; without *is_each_told* only of those that need somebody."""
    if not by.strip():
        say_no("say who tells it")
    source = ReturnSource(by.strip(), open_print_houses(settings).outboxes)
    outcomes: Counter[str] = Counter()
    for piece in pieces:
        with store.writing() as session:
            taken = take_piece(session, piece, source, business_now(session, now()))
        outcomes[taken.outcome] += 1
        if in_json:
            print_json(_line(taken))
        elif is_each_told or taken.outcome not in _GOOD:
            _print_piece(taken)
    store.wake_up.send()
    return outcomes


def _print_piece(taken: TakenPiece) -> None:
    whose = f" ({taken.bill.number}, {taken.bill.buyer_name})" if taken.bill else ""
    print_line(f"{taken.piece.line:5}  {taken.piece.told:30} {said(_OUTCOMES[taken.outcome])}{whose}")


def _line(taken: TakenPiece) -> dict[str, Any]:
    """Return a piece's JSON object (docs/operators.md)."""
    bill = taken.bill
    return {
        "line": taken.piece.line, "told": taken.piece.told, "outcome": taken.outcome, "reason": taken.piece.reason,
        "bill": bill.number if bill else None,
    }  # fmt: skip
