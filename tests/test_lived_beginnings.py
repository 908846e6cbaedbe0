"""What a beginning left behind is what the next test finds."""

from pathlib import Path

import pytest
from sqlalchemy import select

from config import Config
from store import Store
from store.accounts.consumer import Consumer
from tests.conftest import Clock
from tests.lived_beginnings import Living, lived_once
from tests.portal.sample_town import World

#: How often each of these was lived through.
TIMES: dict[str, int] = {}


class House:
    """Alice has moved in, and has written it down; she has the key and her letter box."""

    def __init__(self, store: Store, config: Config, clock: Clock) -> None:
        self.store, self.config, self.clock, self.alice = store, config, clock, None
        self.letters: list[str] = []

    def begin(self, name: str = "Alice Martin") -> "House":
        TIMES[name] = TIMES.get(name, 0) + 1
        self.alice = World(self.store, self.clock()).consumer(name)
        self.letters.append("bienvenue")
        self.config.home.mkdir(exist_ok=True)
        (self.config.home / "key").write_text(name)
        self.clock.forward(days=2)
        return self

    def begin_with(self, people: list[str]) -> "House":
        for name in people:
            self.begin(name)
        return self


@lived_once
def house(store: Store, config: Config, clock: Clock) -> House:
    return House(store, config, clock).begin()


def names(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(Consumer.name).order_by(Consumer.id)))


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_everybody_finds_the_house_as_it_was(
    house: House, store: Store, config: Config, clock: Clock, turn: int
) -> None:
    assert TIMES["Alice Martin"] == 1
    assert (house.store, house.config, house.clock) == (store, config, clock), "each test has its own"
    assert (names(store), clock().day, house.letters) == (["Alice Martin"], 5, ["bienvenue"])
    assert (config.home / "key").read_text() == house.alice.name == "Alice Martin"
    assert World(store, clock()).consumer("Bob Durand").id == house.alice.id + 1, "numbers go on"
    house.letters.append("facture")
    (config.home / "key").write_text("lost")


@pytest.mark.parametrize("turn", [1, 2])
def test_where_somebody_has_written_before_it_is_lived_through(
    store: Store, config: Config, clock: Clock, lived: Living, turn: int
) -> None:
    before = TIMES.get("Emma Petit", 0)
    World(store, clock()).consumer("Charlie Roux")
    lived(House.begin, House(store, config, clock), "Emma Petit")
    assert (TIMES["Emma Petit"], names(store)) == (before + 1, ["Charlie Roux", "Emma Petit"])


@pytest.mark.parametrize("turn", [1, 2])
@pytest.mark.parametrize("who", [["Ida Blanc"], ["Ivo Blanc"], ["Ida Blanc", "Ivo Blanc"]])
def test_one_who_is_given_others_is_another_beginning(
    store: Store, config: Config, clock: Clock, lived: Living, who: list[str], turn: int
) -> None:
    house = House(store, config, clock)
    lived(House.begin_with, house, who)
    assert (names(store), len(house.letters)) == (who, len(who))
    with pytest.raises(AssertionError, match="is given"):
        lived(lambda: who)


@pytest.mark.parametrize("turn", [1, 2])
def test_one_after_another_and_none_after_a_stranger(
    house: House, store: Store, config: Config, clock: Clock, lived: Living, tmp_path: Path, turn: int
) -> None:
    lived(House.begin, House(store, config, clock), "Zoé Petit")
    assert (TIMES["Zoé Petit"], names(store)) == (1, ["Alice Martin", "Zoé Petit"])
    assert clock().day == 7
    World(store, clock()).consumer("Bob Durand")
    before = TIMES.get("Yan Roux", 0)
    lived(House.begin, House(store, config, clock), "Yan Roux")
    assert TIMES["Yan Roux"] == before + 1
