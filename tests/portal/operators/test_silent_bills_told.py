"""`facteur check` and the dashboard tell of the same silent bills: they ask one query."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import pytest
from sqlalchemy import update

from audit.run_all_checks import check
from config import Config
from delivery import sole_house
from delivery.channels.paper.print_house_profile import PrintHouse
from delivery.channels.paper.print_outbox import Answer, manifest_named
from store.base import db_now
from store.db.heartbeat import Heartbeat, beat
from store.last_worked_as_of import note_work
from store.print_batch import PrintBatch, batches
from tests.conftest import Clock
from tests.lived_beginnings import lived_once
from tests.portal.conftest import Browser
from tests.portal.staff_office import Office
from tests.sample_feeds import ubl

MORNING = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)  # a Tuesday
FIGURE = re.compile(r'class="figure">(\d+)<')
NAMES = ("C-ALICE", "C-BOB", "C-CHARLIE")


class Evening:
    """Oscar looks at the dashboard, and somebody runs `facteur check`, at the same moment."""

    def __init__(self, office: Office, config: Config, oscar: Browser) -> None:
        self.office, self.config, self.oscar = office, config, oscar

    def silent(self) -> int:
        """How many bills are silent, as both say."""
        report = check(self.office.store, self.office.clock(), houses=sole_house(self.config.outbox))
        number = report.invariants["silent_bills"].number
        page = self.oscar.get("/equipe/").text
        figure = FIGURE.search(page)
        assert figure is not None
        assert int(figure[1]) == number
        assert ('<section class="verdict good"' in page) == (number == 0)
        return number

    def bill_page(self, number: str) -> str:
        """What a bill's own page says."""
        return self.oscar.get(f"/equipe/factures?numero={number}").text

    def answer(self) -> None:
        """The print house answers for its lot."""
        [lot] = self.lots()
        with self.office.store.reading() as session:
            [row] = batches(session)
        answer = msgspec.json.encode(Answer(letters=row.letters, sheets=row.sheets))
        (self.config.outbox / f"{lot}.ack.json").write_bytes(answer)
        self.office.pipeline.work_until_idle(self.office.clock())

    def lots(self) -> list[str]:
        with self.office.store.reading() as session:
            return [each.name for each in batches(session)]


@lived_once
def evening(office: Office, config: Config, staff: Callable[[str], Browser]) -> Evening:
    """Three people's letters, chosen this morning."""
    office.drop([ubl(f"N-{name}", name) for name in NAMES], name="avril.xml")
    office.pipeline.work_until_idle(office.clock())
    return Evening(office, config, staff("oscar"))


@pytest.mark.parametrize("ending", [".pdf", ".json", ""])
def test_files_that_are_gone_before_the_answer(evening: Evening, clock: Clock, ending: str) -> None:
    evening.office.pipeline.close_batch(clock())
    assert evening.silent() == 0
    away = {path: path.read_bytes() for path in evening.config.outbox.glob(f"lot-*{ending}")}
    assert away
    for path in away:
        path.unlink()
    assert evening.silent() == 3
    assert "boîte d’envoi" in evening.oscar.get("/equipe/").text
    assert "boîte d’envoi" in evening.bill_page("N-C-ALICE")
    assert "Postée" not in evening.bill_page("N-C-ALICE")
    for path, content in away.items():
        path.write_bytes(content)
    assert evening.silent() == 0
    assert "Postée" in evening.bill_page("N-C-ALICE")
    evening.answer()
    for path in away:
        path.unlink()
    assert evening.silent() == 0, "they were printed"
    assert "Postée" in evening.bill_page("N-C-ALICE")


def test_a_file_that_is_cut_short_and_one_of_two(evening: Evening, clock: Clock) -> None:
    rooms = evening.office.pipeline.context.print_rooms
    rooms["main"] = msgspec.structs.replace(rooms["main"], house=PrintHouse(most_letters=2))
    evening.office.pipeline.close_batch(clock())
    [lot] = evening.lots()
    first, second = sorted(evening.config.outbox.glob(f"{lot}-*.pdf"))
    manifest = manifest_named(evening.config.outbox, lot)
    assert manifest is not None
    assert [file.letters for file in manifest.files] == [2, 1]
    second.write_bytes(second.read_bytes()[:-1])
    assert evening.silent() == 1
    first.unlink()
    assert evening.silent() == 3


def test_a_whole_outbox_that_is_gone(evening: Evening, clock: Clock) -> None:
    evening.office.pipeline.close_batch(clock())
    evening.config.outbox.rename(evening.config.outbox.with_name("elsewhere"))
    assert evening.silent() == 3


def test_an_outbox_that_cannot_be_looked_into(evening: Evening, clock: Clock) -> None:
    evening.office.pipeline.close_batch(clock())
    evening.config.outbox.rename(evening.config.outbox.with_name("elsewhere"))
    evening.config.outbox.touch()  # no folder
    assert evening.silent() == 3


def test_a_late_lot_is_told_to_those_whose_letters_lie_in_it(
    evening: Evening, clock: Clock, staff: Callable[[str], Browser]
) -> None:
    clock.forward(days=1)
    evening.office.pipeline.work_until_idle(clock())  # the lot of yesterday evening goes, and is not acknowledged
    with evening.office.store.writing() as session:
        session.add(PrintBatch(state="closed", opened_at=clock(), cut_off_at=clock(), letters=1))  # somebody else's
    clock.forward(days=4)
    for name, told in (("oscar", (True, True)), ("mina", (True, False)), ("eva", (False, False))):
        page = staff(name).get("/equipe/").text
        assert ("L’imprimeur n’a pas répondu" in page, "Des lettres sont en retard" in page) == told, name


def test_a_day_without_a_worker(evening: Evening, clock: Clock) -> None:
    """The letters were to go with Tuesday's lot; nobody has closed it."""
    assert evening.silent() == 0
    clock.forward(days=1)
    with evening.office.store.writing() as session:
        beat(session)
        session.execute(update(Heartbeat).values(beat_at=db_now() - 86400))
    assert evening.silent() == 3
    page = evening.oscar.get("/equipe/").text
    assert page.index("Le travail est arrêté") < page.index("La lettre a manqué son lot."), "cause before effects"
    evening.office.pipeline.work_until_idle(clock())
    assert evening.silent() == 0


def test_a_day_without_a_worker_before_they_are_chosen(
    office: Office, config: Config, staff: Callable[[str], Browser], clock: Clock
) -> None:
    office.drop([ubl(f"N-{name}", name) for name in NAMES], name="avril.xml")
    evening = Evening(office, config, staff("oscar"))
    assert evening.silent() == 0
    clock.forward(days=1, minutes=1)
    assert evening.silent() == 3


def test_they_are_judged_as_of_the_day_the_work_was_done(evening: Evening, clock: Clock) -> None:
    with evening.office.store.writing() as session:
        note_work(session, clock(), clock())
    clock.forward(days=3)
    assert evening.oscar.get("/equipe/").text.count('<section class="verdict good"') == 1
