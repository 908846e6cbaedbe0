"""Signed links: for one purpose, from us, and not for ever."""

import time

import pytest

from store.accounts.one_time_email_link import (
    AGES,
    CONFIRM,
    RESET,
    Confirmation,
    make_link,
    read_confirmation,
    read_reset,
)
from store.vault.key_ring import KeyRing

SECRET = b"a secret of thirty-two bytes ..."
SAID = Confirmation(7, "alice@example.org", 2)


def test_a_link_says_what_it_was_made_for():
    assert read_confirmation(KeyRing(SECRET), make_link(KeyRing(SECRET), CONFIRM, SAID)) == SAID


def test_a_link_for_one_purpose_is_no_good_for_another():
    assert read_reset(KeyRing(SECRET), make_link(KeyRing(SECRET), CONFIRM, [7, 0])) == "damaged"
    assert read_reset(KeyRing(SECRET), make_link(KeyRing(SECRET), RESET, [7, 0])) == (7, 0)


def test_a_link_of_a_root_that_is_gone_is_old():
    assert read_confirmation(KeyRing(SECRET), make_link(KeyRing(b"x" * 32), CONFIRM, SAID)) == "old"


def test_another_secret_did_not_make_it():
    _, _, signed = make_link(KeyRing(b"x" * 32), CONFIRM, SAID).partition(".")
    for forged in (signed, f"{KeyRing(SECRET).present.id}.{signed}"):
        assert read_confirmation(KeyRing(SECRET), forged) == "damaged"


def test_old_links_are_closed(monkeypatch):
    token = make_link(KeyRing(SECRET), CONFIRM, SAID)
    later = time.time() + AGES[CONFIRM] + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert read_confirmation(KeyRing(SECRET), token) == "old"


@pytest.mark.parametrize("said", [[7, "alice@example.org"], [7], {}, None, ["7", "alice@example.org", "0"], [1, 2, 3]])
def test_what_an_older_program_said_names_no_password(said):
    assert read_confirmation(KeyRing(SECRET), make_link(KeyRing(SECRET), CONFIRM, said)) == "old"


def test_every_changed_character_closes_it():
    token = make_link(KeyRing(SECRET), CONFIRM, SAID)
    for place, right in enumerate(token[:-1]):
        changed = token[:place] + ("A" if right != "A" else "B") + token[place + 1 :]
        assert read_confirmation(KeyRing(SECRET), changed) == "damaged"


@pytest.mark.parametrize("kept", range(0, 60, 7))
def test_a_link_cut_short_is_damaged(kept):
    assert read_confirmation(KeyRing(SECRET), make_link(KeyRing(SECRET), CONFIRM, SAID)[:kept]) == "damaged"


@pytest.mark.parametrize("left", [".", ">", ").", "»", "\N{NO-BREAK SPACE}»", '">'])
def test_what_a_mail_program_left_behind_a_link_is_passed_over(left):
    assert read_confirmation(KeyRing(SECRET), make_link(KeyRing(SECRET), CONFIRM, SAID) + left) == SAID


@pytest.mark.parametrize("token", ["", ".", "..", "a.b.c", "é", "\x00", "A" * 5000])
def test_nonsense_is_damaged(token):
    assert read_confirmation(KeyRing(SECRET), token) == "damaged"
