"""Each outage, for seconds, minutes and a business day, with a feed at every stage of its life: nobody is to blame, and
when the outside is there again everything ends as if nothing had been."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.outages import what_is_down
from tests.outages.what_is_down import Outage
from tests.outages.world import LONGEST, LONGEST_OF_MAILS, NOW, World, all_is_well

A_DAY = timedelta(hours=9)
LASTS = [timedelta(seconds=20), timedelta(minutes=7), A_DAY]
ROUNDS = 15


def go_through(world: World, outage: Outage, lasts: timedelta) -> None:
    """The outage begins, time passes, it ends, and so much later all must be done."""
    world.ask_for_a_password()
    world.acknowledge()
    with outage(world):
        world.live(lasts, lasts / ROUNDS)
    world.live(LONGEST_OF_MAILS, timedelta(minutes=2))
    world.live_until_printed()
    all_is_well(world)


@pytest.fixture(params=LASTS, ids=["seconds", "minutes", "a-day"])
def lasts(request: pytest.FixtureRequest) -> timedelta:
    return request.param


def test_all_is_well_where_nothing_is_down(make_world: Callable[..., World]) -> None:
    world = make_world()
    world.ask_for_a_password()
    world.acknowledge()
    world.live(A_DAY, timedelta(hours=1))
    all_is_well(world)


@pytest.mark.parametrize("what", what_is_down.FOLDERS)
def test_a_folder_is_down(make_world: Callable[..., World], what: str, lasts: timedelta) -> None:
    go_through(make_world(), what_is_down.FOLDERS[what], lasts)


@pytest.mark.parametrize("what", what_is_down.RELAYS)
def test_the_relay_is_down(make_world: Callable[..., World], what: str, lasts: timedelta) -> None:
    go_through(make_world(), what_is_down.RELAYS[what], lasts)


@pytest.mark.parametrize("n", range(4))
def test_the_database_is_down(make_world: Callable[..., World], database: str, n: int, lasts: timedelta) -> None:
    outages = list(what_is_down.DATABASES[database].values())
    if n >= len(outages):
        pytest.skip("this database has no more ways to be down")
    go_through(make_world(), outages[n], lasts)
