"""Signed links: for one purpose, from us, and not for ever."""

import time

import pytest

from delivery.links import make_link, open_link

SECRET = b"a secret of thirty-two bytes ..."


def test_a_link_says_what_it_was_made_for():
    token = make_link(SECRET, "confirm", [7, "alice@example.org"])
    assert open_link(SECRET, "confirm", token, 60) == [7, "alice@example.org"]


def test_a_link_for_one_purpose_is_no_good_for_another():
    assert open_link(SECRET, "reset", make_link(SECRET, "confirm", [7]), 60) is None


def test_another_secret_did_not_make_it():
    assert open_link(SECRET, "confirm", make_link(b"x" * 32, "confirm", [7]), 60) is None


def test_old_links_are_closed(monkeypatch):
    token = make_link(SECRET, "confirm", [7])
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    assert open_link(SECRET, "confirm", token, 60) is None


def test_every_changed_character_closes_it():
    token = make_link(SECRET, "confirm", [7])
    for place, right in enumerate(token[:-1]):
        changed = token[:place] + ("A" if right != "A" else "B") + token[place + 1 :]
        assert open_link(SECRET, "confirm", changed, 60) is None


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "é", "\x00", "A" * 5000])
def test_nonsense_is_none(token):
    assert open_link(SECRET, "confirm", token, 60) is None
