"""Answers of a print house, each heard once: what disagrees is for a person, nothing is printed again by guess."""

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select

import delivery
from audit.print_disputes import answers_of_no_lot, disputed_batches
from audit.print_reconciliation import BatchReconciliation, reconcile
from delivery.channels.paper.print_outbox import manifest_named
from delivery.channels.paper.reprint import print_sets_again
from store.db.event import Event
from store.print_answer import PrintAnswer, stray_answers
from tests.delivery.sample_bills import World
from tests.spelled_reasons import french

TUESDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
LATER = TUESDAY + timedelta(days=1)
ISSUED, DUE = date(2026, 3, 3), date(2026, 4, 7)
OLGA = "olga@facteur.example"


class House:
    """The print house with a lot of three letters, of one sheet each, and what it answers."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.bills = [world.bill(world.account(), ISSUED, DUE) for _ in range(3)]
        world.choose(TUESDAY)
        self.batch_id = world.print(TUESDAY, force=True) or 0
        self.name = world.batch(self.batch_id).name

    def write(self, letters: int, missing: tuple[int, ...] = (), file: str = "") -> Path:
        path = self.world.outbox / (file or f"{self.name}.ack.json")
        path.write_text(json.dumps({"letters": letters, "sheets": letters, "missing": missing}))
        return path

    def hear(self, **outboxes: Path) -> int:
        return delivery.read_answers(self.world.store, {"main": self.world.outbox, **outboxes}, LATER)

    def answer(self, letters: int, missing: tuple[int, ...] = (), file: str = "") -> int:
        self.write(letters, missing, file)
        return self.hear()

    @property
    def state(self) -> str:
        return self.world.batch(self.batch_id).state

    @property
    def said(self) -> str:
        return french(self.world.batch(self.batch_id).answer)

    def letters(self) -> list[str]:
        """The states of all letters, those that replace others too."""
        return [state for bill in self.bills for state in self.world.states(bill).values()]

    def figures(self) -> BatchReconciliation:
        with self.world.store.reading() as session:
            return reconcile(session, self.batch_id)


@pytest.fixture
def house(world: World) -> House:
    return House(world)


def test_an_answer_is_heard_once(house: House) -> None:
    assert house.figures() == BatchReconciliation(handed_over=3, printed=0, missing=0, unheard=3, returned=0)
    assert house.answer(3) == 1
    assert [house.hear(), house.answer(3), house.hear()] == [0, 0, 0], "written again, it is the same"
    assert (house.state, house.letters()) == ("acknowledged", ["delivered"] * 3)
    assert house.figures() == BatchReconciliation(handed_over=3, printed=3, missing=0, unheard=0, returned=0)
    with house.world.store.reading() as session:
        assert len(session.scalars(select(PrintAnswer)).all()) == 1


def test_missing_sets_come_again_once(house: House) -> None:
    assert house.answer(2, missing=(2,)) == 1
    assert sorted(house.letters()) == ["delivered", "delivered", "failed", "ready"]
    assert house.figures() == BatchReconciliation(handed_over=3, printed=2, missing=1, unheard=0, returned=0)
    assert house.answer(2, missing=(2,)) == 0
    assert sorted(house.letters()) == ["delivered", "delivered", "failed", "ready"]


@pytest.mark.parametrize(("letters", "said"), [(6, "6 plis"), (2, "2 plis"), (0, "0 pli")])
def test_more_or_fewer_letters_than_were_sent_are_disputed(house: House, letters: int, said: str) -> None:
    assert house.answer(letters) == 1
    assert (house.state, house.letters()) == ("disputed", ["sent"] * 3), "nothing is printed again by guess"
    assert said in house.said


def test_a_second_answer_that_says_otherwise_is_disputed(house: House) -> None:
    assert house.answer(3) == 1
    assert house.answer(2, missing=(1,)) == 1
    assert (house.state, house.letters()) == ("disputed", ["delivered"] * 3), "no second letter by guess"
    assert house.said == "répondu deux fois : 3 plis, 3 feuilles, puis 2 plis, 2 feuilles"
    assert house.answer(2, missing=(1,)) == 0


def test_a_second_file_that_says_the_same_is_disputed_too(house: House) -> None:
    """As if the lot had been printed twice."""
    house.write(3, file=f"{house.name}.ack-2.json")
    assert house.answer(3) == 2
    assert (house.state, house.letters()) == ("disputed", ["delivered"] * 3)
    assert "comme si le lot avait été imprimé deux fois" in house.said


def test_a_second_file_that_cannot_be_read_is_a_persons_to_read(house: House) -> None:
    """A print house that has something else to say may say it in its own words."""
    house.answer(3)
    path = house.world.outbox / f"{house.name}.ack-2.json"
    path.write_text('{"note": "a roll was printed twice"}')
    assert [house.hear(), house.hear()] == [1, 0]
    assert (house.state, house.letters()) == ("disputed", ["delivered"] * 3)
    assert house.said.startswith("réponse illisible")


def test_a_corrected_answer_to_a_dispute_is_for_the_person_who_settles_it(house: House) -> None:
    assert house.answer(2) == 1
    assert house.answer(3) == 1
    assert (house.state, house.letters()) == ("disputed", ["sent"] * 3)


def test_a_person_settles_a_dispute_after_printing_again_what_is_lost(house: House) -> None:
    house.answer(2)
    manifest = manifest_named(house.world.outbox, house.name)
    assert manifest is not None
    with house.world.store.writing() as session:
        assert [row.id for row in session.execute(disputed_batches())] == [house.batch_id]
        assert print_sets_again(session, manifest, [3], OLGA, "restée dans la machine", LATER) == [3]
        assert delivery.settle_dispute(session, house.batch_id, OLGA, "vérifié au téléphone", LATER)
        assert not delivery.settle_dispute(session, house.batch_id, OLGA, "encore", LATER)
        assert session.execute(disputed_batches()).all() == []
        by = session.scalars(select(Event.by).where(Event.subject == "print_batch", Event.what == "acknowledged"))
        assert list(by) == [OLGA]
    assert sorted(house.letters()) == ["delivered", "delivered", "failed", "ready"]
    assert house.state == "acknowledged"


@pytest.mark.parametrize(
    "file", ["lot-000999-abcdefabcdef.ack.json", "lot-x.ack.json", "lot-000001-000000000000.ack.json"]
)
def test_an_answer_about_no_lot_is_told_until_somebody_looks(house: House, file: str) -> None:
    assert house.answer(3, file=file) == 1
    assert house.hear() == 0
    assert (house.state, house.letters()) == ("handed_over", ["sent"] * 3)
    with house.world.store.writing() as session:
        [stray] = stray_answers(session)
        assert [row.file for row in session.execute(answers_of_no_lot())] == [stray.file] == [file]
        assert delivery.settle_stray_answer(session, stray.id, OLGA, "un essai de l’imprimeur", LATER)
        assert not delivery.settle_stray_answer(session, stray.id, OLGA, "encore", LATER)
        assert session.execute(answers_of_no_lot()).all() == []
    assert house.hear() == 0


def test_another_houses_answer_is_about_no_lot_of_its(house: House, tmp_path: Path) -> None:
    (tmp_path / "liege").mkdir()
    house.write(3).rename(tmp_path / "liege" / f"{house.name}.ack.json")
    assert house.hear(liege=tmp_path / "liege") == 1
    assert house.state == "handed_over"
    with house.world.store.reading() as session:
        assert [each.house for each in stray_answers(session)] == ["liege"]


def test_a_folder_that_is_gone_keeps_no_other_house_waiting(house: House, tmp_path: Path) -> None:
    house.write(3)
    assert delivery.read_answers(house.world.store, {"a": tmp_path / "gone", "main": house.world.outbox}, LATER) == 1
    assert house.state == "acknowledged"


def test_half_an_answer_is_read_again_when_it_is_whole(house: House) -> None:
    path = house.world.outbox / f"{house.name}.ack.json"
    path.write_text('{"letters": 3, "she')
    assert house.hear() == 0
    assert house.said.startswith("réponse illisible")
    assert house.answer(3) == 1
    assert house.state == "acknowledged"


def test_an_answer_before_our_own_rows_waits_for_them(world: World) -> None:
    """The files are written before the rows: a quick print house answers in between."""
    world.bill(world.account(), ISSUED, DUE)
    world.choose(TUESDAY)
    with world.store.writing() as session:
        delivery.join_batch(session, TUESDAY)
        batch_id = delivery.close_batch(session, TUESDAY, force=True)
    assert batch_id is not None
    (world.outbox / f"lot-{batch_id:06d}-abcdefabcdef.ack.json").write_text('{"letters": 1, "sheets": 1}')
    assert delivery.read_answers(world.store, {"main": world.outbox}, LATER) == 0
    with world.store.reading() as session:
        assert stray_answers(session) == []


def test_an_answer_from_before_answers_were_kept_is_no_second_one(house: House) -> None:
    """An outbox keeps all answers: after an upgrade each is read once more, and says nothing new."""
    house.answer(3)
    with house.world.store.writing() as session:
        session.execute(delete(PrintAnswer))
    assert house.hear() == 0
    assert house.state == "acknowledged"
    assert house.answer(2, missing=(3,)) == 1
    assert house.state == "disputed"


@pytest.mark.parametrize(
    "content",
    [
        '{"a":' * 100_000, '{"letters": 3, "sheets": 3, "note": ' + "[" * 100_000,
        '{"letters": 3, "sheets": 1' + "0" * 30 + "}",
    ],
    ids=["deep objects", "a deep note", "a count beyond all rows"],
)  # fmt: skip
def test_an_answer_beyond_all_measure_is_unreadable_and_keeps_no_other_waiting(house: House, content: str) -> None:
    other = House(house.world)
    (house.world.outbox / f"{house.name}.ack.json").write_text(content)
    assert other.answer(3) == 1
    assert (house.state, other.state) == ("handed_over", "acknowledged")
    assert house.said.startswith("réponse illisible")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_an_answer_may_have_a_byte_order_mark(house: House, encoding: str) -> None:
    (house.world.outbox / f"{house.name}.ack.json").write_text('{"letters": 3, "sheets": 3}', encoding=encoding)
    assert house.hear() == 1
    assert house.state == "acknowledged"


@pytest.mark.parametrize("kind", ["a link to nothing", "a link", "a pipe", "a folder"])
def test_what_is_no_file_is_no_answer_and_keeps_no_other_waiting(house: House, tmp_path: Path, kind: str) -> None:
    other, path = House(house.world), house.world.outbox / f"{house.name}.ack.json"
    if kind == "a pipe":
        os.mkfifo(path)
    elif kind == "a folder":
        path.mkdir()
    else:
        path.symlink_to(tmp_path / "elsewhere")
    if kind == "a link":
        (tmp_path / "elsewhere").write_text('{"letters": 3, "sheets": 3}')
    assert other.answer(3) == 1
    assert (house.state, other.state) == ("handed_over", "acknowledged")
