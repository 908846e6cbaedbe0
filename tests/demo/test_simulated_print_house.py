"""A print house for tests: what it does with a lot hangs on the seed and the lot alone."""

import json
from datetime import UTC, datetime
from pathlib import Path

from delivery.channels.paper.print_manifest import MailPiece, PrintManifest, as_bytes
from demo.people.print_house_fate import Odds
from demo.people.simulated_print_house import SimulatedPrintHouse, simulate

NOW = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


def announced(outbox: Path, lot: int, letters: int = 40) -> str:
    name = f"lot-{lot:06d}-00000000000a"
    pieces = [
        MailPiece(
            n=n, file=1, delivery=1000 * lot + n, issuer="lumiere", bill=f"F-{n}", country="FR", postcode="44000",
            postal_class="FR-20", first_page=n, pages=1, sheets=1, grams=9.5, scaled=0, has_code=True,
        )
        for n in range(1, letters + 1)
    ]  # fmt: skip
    manifest = PrintManifest(
        lot=lot, name=name, closed_at=NOW.isoformat(), letters=letters, sheets=letters, postage={"FR-20": letters},
        files=[], pieces=pieces,
    )  # fmt: skip
    (outbox / f"{name}.json").write_bytes(as_bytes(manifest))
    return name


def written(outbox: Path) -> dict[str, object]:
    return {path.name: json.loads(path.read_bytes()) for path in outbox.glob("lot-*.*.json")}


def test_a_lot_has_one_fate_whatever_lies_beside_it(tmp_path: Path) -> None:
    alone, among = tmp_path / "alone", tmp_path / "among"
    for folder, lots in ((alone, [7]), (among, [5, 6, 7, 8])):
        folder.mkdir()
        for lot in lots:
            announced(folder, lot)
    [first] = simulate(alone, 3, NOW).lots
    assert first in simulate(among, 3, NOW).lots
    of_seven = {name: said for name, said in written(among).items() if name.startswith("lot-000007")}
    assert of_seven == written(alone)


def test_a_hundred_lots_meet_everything_that_happens_at_a_print_house(tmp_path: Path) -> None:
    for lot in range(1, 101):
        announced(tmp_path, lot)
    lots = simulate(tmp_path, 1, NOW).lots
    assert {each.deed for each in lots} == {"acknowledged", "missing", "silent", "doubled", "answered_twice"}
    said = written(tmp_path)
    for each in lots:
        answer = said.get(f"{each.name}.ack.json")
        sheets = 40 * (2 if each.deed == "doubled" else 1) - len(each.missing)
        expected = {"letters": sheets, "sheets": sheets, "missing": list(each.missing)}
        assert answer == (None if each.deed == "silent" else expected)
        assert (f"{each.name}.ack-2.json" in said) is (each.deed == "answered_twice")
        back = said.get(f"{each.name}.returned.json", {"returned": []})
        assert back == {
            "returned": [{"delivery": one.delivery, "n": one.n, "reason": one.reason} for one in each.returned]
        }
        assert all(one.delivery == 1000 * each.lot + one.n for one in each.returned)
    assert any(each.returned for each in lots)


def test_what_was_answered_is_left_alone_and_what_is_lost_stays_lost(tmp_path: Path) -> None:
    for lot in range(1, 41):
        announced(tmp_path, lot)
    first, before = simulate(tmp_path, 2, NOW), written(tmp_path)
    again = simulate(tmp_path, 2, NOW)
    assert [each.deed for each in again.lots] == ["silent"] * len(again.lots)
    assert {each.name for each in again.lots} == {each.name for each in first.lots if each.deed == "silent"}
    assert written(tmp_path) == before


def test_on_calm_days_every_lot_is_answered_and_some_letters_come_back(tmp_path: Path) -> None:
    for lot in range(1, 101):
        announced(tmp_path, lot, letters=3)
    lots = simulate(tmp_path, 1, NOW, Odds(missing=3, silent=0, doubled=0, answered_twice=0)).lots
    assert {each.deed for each in lots} == {"acknowledged", "missing"}
    assert 20 < sum(bool(each.returned) for each in lots) < 60
    assert simulate(tmp_path, 1, NOW, Odds()).lots == []


def test_the_demos_print_house_acknowledges_everything_once(tmp_path: Path) -> None:
    name = announced(tmp_path, 1, letters=2)
    house = SimulatedPrintHouse(tmp_path, lambda delivery: f"code-{delivery}")
    letters = list(house.take(NOW.date()))
    assert [(each.bill, each.code) for each in letters] == [("F-1", "code-1001"), ("F-2", "code-1002")]
    assert written(tmp_path) == {f"{name}.ack.json": {"letters": 2, "sheets": 2, "missing": []}}
    assert list(house.take(NOW.date())) == []
