"""The print house writes what the post brought back beside its lot; marks and tables tell the same."""

import json
import logging
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from delivery.calendar.postal_calendar import Calendar
from delivery.feedback.returns.find_posted_letters import latest_returns, letters_of_addressee, letters_of_number
from delivery.feedback.returns.outbox_returns import OutboxReturns
from delivery.feedback.returns.returned_mail_file import NotReturnedMail, ReturnedPiece, pieces_in, scanned_piece
from delivery.feedback.returns.take_returned_pieces import ReturnSource, take_piece, take_pieces
from store.bills.bill import BillRow
from store.db.event import events_of
from store.delivery import Delivery, Receipt
from store.print_answer import stray_answers
from store.print_batch import PrintBatch
from tests.delivery.sample_bills import World

TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
LATER = TUESDAY + timedelta(days=8)
ISSUED, DUE = date(2026, 3, 3), date(2026, 4, 7)
PRINT: tuple[str, int | None] = ("print", None)
OLGA = "olga@facteur.example"


class Lot:
    """A lot of three letters, handed over."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.bills = [world.bill(world.account(name=name), ISSUED, DUE) for name in ("Georges", "Alice", "Bob")]
        world.choose(TUESDAY)
        self.number = world.print(TUESDAY, force=True) or 0
        with world.store.reading() as session:
            self.name = session.get_one(PrintBatch, self.number).name
            rows = session.scalars(select(Delivery).where(Delivery.batch_id == self.number))
            self.sets = {each.mail_piece or 0: each.bill_id for each in rows}
        self.house = OutboxReturns({"main": world.outbox}, Calendar())

    def tell(self, returned: list[dict[str, Any]], name: str = "") -> Path:
        path = self.world.outbox / f"{name or self.name}.returned.json"
        path.write_text(json.dumps({"returned": returned}))
        return path

    def hear(self) -> int:
        return self.house.turn(self.world.store, LATER)

    def states(self) -> list[str]:
        return [self.world.states(each)[PRINT] for each in self.bills]

    def take(self, piece: ReturnedPiece | None, issuer_id: int | None = None) -> tuple[str, int | None]:
        assert piece is not None
        source = ReturnSource(OLGA, {"main": self.world.outbox}, issuer_id)
        with self.world.store.writing() as session:
            taken = take_piece(session, piece, source, LATER)
            return taken.outcome, taken.bill.id if taken.bill else None


@pytest.fixture
def lot(world: World) -> Lot:
    return Lot(world)


def test_a_file_beside_the_lot_is_read_once_and_again_when_it_grows(lot: Lot) -> None:
    assert lot.hear() == 0
    bob = next(n for n, bill in lot.sets.items() if bill == lot.bills[2])
    georges = lot.world.owed(lot.bills[0])[PRINT].id
    lot.tell([{"delivery": georges, "reason": "unknown"}])
    assert [lot.hear(), lot.hear()] == [1, 0]
    lot.tell(
        [{"delivery": georges, "reason": "unknown"}, {"n": bob, "reason": "NPAI"}, {"n": 99}, {"delivery": 10**30}]
    )
    assert [lot.hear(), OutboxReturns({"main": lot.world.outbox}, Calendar()).turn(lot.world.store, LATER)] == [1, 0]
    assert lot.states() == ["failed", "sent", "failed"]
    with lot.world.store.reading() as session:
        told = [each for each in events_of(session, "print_batch", lot.number) if each.what == "returns read"]
        assert [(each.by, each.reason.values["letters"], each.reason.values["other_letters"]) for each in told] == [
            ("print house", 1, 0), ("print house", 1, 2),
        ]  # fmt: skip
        assert [each.bill.id for each in latest_returns(session, None, 9)] == [lot.bills[2], lot.bills[0]]


def test_a_file_of_another_lot_changes_nothing(lot: Lot, caplog: pytest.LogCaptureFixture) -> None:
    other = Lot(lot.world)
    theirs = lot.world.owed(lot.bills[0])[PRINT].id
    with caplog.at_level(logging.ERROR):
        other.tell([{"delivery": theirs, "reason": "unknown"}])
        other.tell([{"n": 1}], name=f"lot-{other.number:06}-0123456789ab")
        other.tell([{"n": 1}], name="lot-000999-0123456789ab")
        assert other.hear() == 0
    assert lot.states() == other.states() == ["sent"] * 3


def test_half_a_file_is_read_when_it_is_whole(lot: Lot) -> None:
    path = lot.tell([{"n": 1, "reason": "moved"}])
    whole = path.read_text()
    path.write_text(whole[:-5])
    assert lot.hear() == 0
    path.write_text(whole)
    assert lot.hear() == 1


def test_a_scanned_mark_finds_its_letter(lot: Lot) -> None:
    mark = f"{lot.number:06}{2:06}{3:06}001001"
    assert lot.take(scanned_piece(f" {mark}\n", "moved")) == ("recorded", lot.sets[2])
    assert lot.take(scanned_piece(mark, "moved")) == ("known", lot.sets[2])
    assert lot.take(scanned_piece(f"{lot.number:06}{2:06}{4:06}001001", "moved")) == ("unknown", None), "another lot"
    assert lot.take(scanned_piece(f"{lot.number:06}{9:06}{3:06}001001", "moved")) == ("unknown", None)
    assert scanned_piece("bonjour", "moved") is None


def test_a_letter_of_a_lot_from_before_is_found_by_the_manifest(lot: Lot) -> None:
    with lot.world.store.writing() as session:
        for letter in session.scalars(select(Delivery)):
            letter.mail_piece = None
    assert lot.take(scanned_piece(f"{lot.number:06}{2:06}{3:06}001001", "moved")) == ("recorded", lot.sets[2])


def test_who_works_for_another_issuer_finds_nothing(lot: Lot) -> None:
    eaux = lot.world.issuer("eaux", "Eaux")
    mark = scanned_piece(f"{lot.number:06}{2:06}{3:06}001001", "moved")
    assert lot.take(mark, eaux) == ("unknown", None)
    assert lot.take(mark, lot.world.issuer_id)[0] == "recorded"
    with lot.world.store.reading() as session:
        assert letters_of_addressee(session, [eaux], "Alice", "44000", 9) == []


def test_a_table_says_its_letters_in_several_ways(lot: Lot) -> None:
    with lot.world.store.reading() as session:
        numbers = {bill: session.get_one(BillRow, bill).number for bill in lot.bills}
    by_set = next(n for n, bill in lot.sets.items() if bill == lot.bills[1])
    table = (
        "lot;set;bill;issuer;motif;remarque\r\n"
        f";;{numbers[lot.bills[0]]};lumiere;Pli refusé par le destinataire;\r\n"
        f"{lot.number};{by_set};;;n’habite pas à l’adresse;sur le seuil\r\n"
        ";;F-999;lumiere;inconnu;\r\n"
        f";;{numbers[lot.bills[2]]};eaux;inconnu;\r\n"
        f";;{numbers[lot.bills[2]]};;mangé par le chien;\r\n"
        "\r\n"
    )
    with lot.world.store.writing() as session:
        taken = take_pieces(session, pieces_in(table.encode("cp1252"), "retours.csv"), ReturnSource(OLGA, {}), LATER)
        assert [(each.piece.line, each.outcome) for each in taken] == [
            (2, "recorded"), (3, "recorded"), (4, "unknown"), (5, "unknown"), (6, "no_reason"),
        ]  # fmt: skip
        assert letters_of_number(session, [lot.world.issuer_id], numbers[lot.bills[0]], 9) == []
        [still] = letters_of_number(session, [lot.world.issuer_id], numbers[lot.bills[2]], 9)
        assert still.returned_at is None
    assert lot.states() == ["failed", "failed", "sent"]


@pytest.mark.parametrize("content", [b"", b"nom;adresse\nAlice;ici\n", b"{", b'{"returned": 4}', b"\x00\x01", b'"'])
def test_what_is_no_returned_mail_is_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(NotReturnedMail):
        pieces_in(content, "x.csv")


@pytest.mark.parametrize(
    "typed",
    [
        "000231 000012 004212 001 003", "]d1000231000012004212001003\r", "\x1d000231000012004212001003",
        "àààé\"&àààà&éàà'é&éàà&àà\"", "$d&ÀÀÀÉ\"&ÀÀÀÀ&ÉÀÀ'É&ÉÀÀ&ÀÀ\"",
    ],
    ids=["in groups", "with its symbology", "with a separator", "for another keyboard", "shouted"],
)  # fmt: skip
def test_a_mark_is_read_as_scanners_type_it(typed: str) -> None:
    """A scanner types for an American keyboard: where the computer has a French one, digits are signs."""
    piece = scanned_piece(typed, "moved")
    assert piece is not None
    assert (piece.lot, piece.n, piece.sets) == (231, 12, 4212)


@pytest.mark.parametrize("kind", ["a link to itself", "a link", "a pipe", "a folder", "too much"])
def test_what_is_no_file_of_returned_mail_keeps_no_other_waiting(lot: Lot, tmp_path: Path, kind: str) -> None:
    other = Lot(lot.world)
    path = lot.world.outbox / f"{lot.name}.returned.json"
    if kind == "a pipe":
        os.mkfifo(path)
    elif kind == "a folder":
        path.mkdir()
    elif kind == "too much":
        path.write_text('{"returned": [' + " " * (1 << 22) + '{"n": 1}]}')
    else:
        path.symlink_to(path if kind == "a link to itself" else tmp_path / "elsewhere")
        (tmp_path / "elsewhere").write_text('{"returned": [{"n": 1}]}')
    other.tell([{"n": 1, "reason": "moved"}])
    assert lot.hear() == 1
    assert lot.states() == ["sent"] * 3


@pytest.mark.parametrize("beginning", ['{"a":', '{"returned": [], "note": [', '{"returned": [{"n": 1, "x": ['])
def test_returned_mail_that_is_nested_beyond_all_measure_cannot_be_read(lot: Lot, beginning: str) -> None:
    other = Lot(lot.world)
    bottomless = beginning + beginning[-1] * 100_000 if beginning[-1] == "[" else beginning * 100_000
    (lot.world.outbox / f"{lot.name}.returned.json").write_text(bottomless)
    with pytest.raises(NotReturnedMail):
        pieces_in(bottomless.encode(), "")
    other.tell([{"n": 1, "reason": "moved"}])
    assert lot.hear() == 1


def test_words_that_no_database_keeps_are_left_out(lot: Lot) -> None:
    lot.tell([{"n": 1, "reason": "moved", "words": "a\0b"}])
    assert lot.hear() == 1
    table = "set;lot;motif;remarque;bill\n2;{lot};parti;a\0b;\n3;{lot};parti\0;;\n;;moved;;L\0-1\n"
    pieces = pieces_in(table.format(lot=lot.number).encode(), "retours.csv")
    assert [lot.take(each)[0] for each in pieces] == ["recorded", "recorded", "unknown"]


@pytest.mark.parametrize("kind", ["half a file", "another house's", "of no lot", "too large"])
def test_returned_mail_of_which_nothing_is_recorded_is_told_until_somebody_looks(
    lot: Lot, kind: str, tmp_path: Path
) -> None:
    """Somebody has a letter in their hands, and nobody is to wait for it in vain."""
    path = lot.tell([{"n": 1, "reason": "moved"}], "lot-000999-abcdefabcdef" if kind == "of no lot" else "")
    if kind == "half a file":
        path.write_text('{"returned": [{"n": 1, "rea')
    elif kind == "too large":
        path.write_text('{"returned": [' + " " * (1 << 22) + '{"n": 1}]}')
    elif kind == "another house's":
        path.rename(tmp_path / path.name)
        path = tmp_path / path.name
    for age, told in ((timedelta(minutes=5), 0), (timedelta(minutes=15), 1), (timedelta(days=1), 1)):
        os.utime(path, times=((LATER - age).timestamp(),) * 2)
        assert (
            OutboxReturns({"main": lot.world.outbox, "liege": tmp_path}, Calendar()).turn(lot.world.store, LATER) == 0
        )
        with lot.world.store.reading() as session:
            assert [each.file for each in stray_answers(session)] == [path.name] * told
    assert lot.states() == ["sent"] * 3


def test_a_reason_that_nobody_knows_is_some_reason_in_the_houses_words(lot: Lot) -> None:
    lot.tell([{"n": 1, "reason": "Chien méchant", "words": "deux fois"}, {"n": 2}])
    assert lot.hear() == 2
    first = next(bill for n, bill in lot.sets.items() if n == 1)
    assert lot.world.owed(first)[PRINT].reason.values == {"return_reason": "other"}
    with lot.world.store.reading() as session:
        words = session.scalars(select(Receipt.words).where(Receipt.kind == "returned").order_by(Receipt.id)).all()
    assert words == ["Chien méchant, deux fois", ""]
