"""Which connection gives its place to a new one."""

from typing import NamedTuple

from portal.web_server.connection_bounds import IN_ALL, OF_A_CLIENT, is_full, to_be_ended


class Line(NamedTuple):
    client: str
    last_activity: float
    is_expendable: bool = True


def test_a_client_at_its_limit_makes_room_itself() -> None:
    alice = [Line("alice", 5.0), Line("alice", 3.0, is_expendable=False), *[Line("alice", 9.0)] * (OF_A_CLIENT - 2)]
    others = [Line("bob", 1.0)]
    assert is_full([*alice, *others], "alice", is_proxy=False)
    assert to_be_ended([*alice, *others], "alice", is_proxy=False) == alice[0], "silent longest of those that may end"
    assert not is_full([*alice, *others], "bob", is_proxy=False)
    assert not is_full([*alice, *others], "alice", is_proxy=True), "a proxy stands for many"


def test_where_all_places_are_taken_the_most_crowded_client_makes_room() -> None:
    crowd = [Line(f"client {n % 8}", 100.0 + n) for n in range(IN_ALL - 1)]
    bob = Line("bob", 1.0)
    assert is_full([*crowd, bob], "charlie", is_proxy=False)
    ended = to_be_ended([*crowd, bob], "charlie", is_proxy=False)
    assert ended is not None
    assert (ended.client, ended.last_activity) == ("client 0", 100.0), "bob has one connection, and keeps it"


def test_who_is_worked_for_is_never_ended() -> None:
    busy = [Line("alice", 1.0, is_expendable=False)] * OF_A_CLIENT
    assert to_be_ended(busy, "alice", is_proxy=False) is None
