"""Public ids: opaque, stable, of one kind."""

import re

import pytest
from sqlalchemy import delete

from store import Store
from store.public_id import PublicIdKey, PublicIds

KEY = b"sixteen bytes of"


def test_an_id_names_its_row_and_no_other() -> None:
    ids = PublicIds(KEY)
    said = {number: ids.of("feed", number) for number in (*range(500), 2**63 - 1)}
    assert len(set(said.values())) == len(said)
    assert all(re.fullmatch("[a-z2-7]{26}", each) for each in said.values())
    assert {number: ids.number("feed", each) for number, each in said.items()} == {number: number for number in said}


def test_it_stays_the_same_for_ever() -> None:
    """People keep addresses, programs keep ids."""
    assert PublicIds(KEY).of("feed", 4711) == "ohuwqy2ydl6dcsldt23jmvtjqe"


def test_it_is_of_one_kind_and_one_store() -> None:
    feed = PublicIds(KEY).of("feed", 7)
    assert PublicIds(KEY).number("bill", feed) is None
    assert PublicIds(b"another key of 1").number("feed", feed) is None


@pytest.mark.parametrize("place", range(26))
def test_a_changed_id_names_nothing(place: int) -> None:
    right = PublicIds(KEY).of("feed", 7)
    wrong = right[:place] + ("a" if right[place] != "a" else "b") + right[place + 1 :]
    assert PublicIds(KEY).number("feed", wrong) is None


@pytest.mark.parametrize("text", ["", "7", "a" * 25, "a" * 27, "é" * 26, "1" * 26, "A" * 26])
def test_what_is_no_id_names_nothing(text: str) -> None:
    assert PublicIds(KEY).number("feed", text) is None
    assert PublicIds(KEY).number("feed", PublicIds(KEY).of("feed", 7).upper()) is None


def test_a_store_has_one_key(store: Store) -> None:
    """It is made when the first asks for it."""
    with store.writing() as session:
        session.execute(delete(PublicIdKey))
    again = Store(store.engine, store.blobs, store.keys, store.wake_up, store.incoming)
    assert store.public_ids.of("feed", 1) == again.public_ids.of("feed", 1)
