"""One form for an address, however it is spelled; and the form that every server takes."""

import pytest

from store.accounts.email_address import NoAddress, NotForEveryServer, counted_form, forms_of, kept_form, wire_form

#: Spellings of one address that look the same, or that keyboards and copied pages make of it.
ALICE = [
    "alice@exemple.fr", " Alice@Exemple.FR\n", "ali\u200bce@exemple.fr", "alice@exemple.fr\u200b", "alice@exemple。fr",
    "\ufeffalice@exemple.fr", "ali\u00adce@exemple.fr", "alice\u2060@exemple.fr", "a\u034flice@exemple.fr",
    "alice@exe\u200dmple.fr", "alice\ufe0f@exemple.fr", "\u3164alice@exemple.fr", "ａｌｉｃｅ@exemple.fr",
    "alice＠exemple.fr", "alice@ｅｘｅｍｐｌｅ.fr", "\u202ealice@exemple.fr", "𝐚𝐥𝐢𝐜𝐞@exemple.fr",
    "alice@exemple.fr\x00",
    "\tALICE@EXEMPLE.FR ",
]  # fmt: skip


@pytest.mark.parametrize("spelled", ALICE)
def test_all_spellings_are_kept_and_counted_as_one(spelled: str) -> None:
    assert kept_form(spelled) == "alice@exemple.fr"
    assert counted_form(spelled) == "alice@exemple.fr"
    assert "alice@exemple.fr" in forms_of(spelled)


def test_a_row_of_before_is_found_as_it_was_typed() -> None:
    assert forms_of("ａｌｉｃｅ@exemple.fr ") == ["ａｌｉｃｅ@exemple.fr", "alice@exemple.fr"]


def test_the_two_spellings_of_a_domain_are_one() -> None:
    assert kept_form("Alice@EXÄMPLE.de") == kept_form("alice@xn--exmple-cua.de") == "alice@exämple.de"
    assert kept_form("alice@straße.de") != kept_form("alice@strasse.de"), "two domains (IDNA 2008)"


@pytest.mark.parametrize("text", ["", "alice", "alice@", "@exemple.fr", "alice@exemple", "a b@exemple.fr", "a@b,c@d.fr",
                                  "alice@[127.0.0.1]", '"alice b"@exemple.fr', "alice@☃.net", "alice@-x.fr",
                                  "x" * 65 + "@exemple.fr", "alice@" + "x" * 64 + ".fr", "alice@exemple..fr",
                                  "alice@" + "é" * 60 + ".fr"])  # fmt: skip
def test_what_no_mail_can_go_to_is_refused(text: str) -> None:
    with pytest.raises(NoAddress):
        kept_form(text)
    assert counted_form(text) == counted_form(text.upper())


@pytest.mark.parametrize("text", ["zoé@exemple.fr", "用户@例子.广告", "аlice@exemple.fr"])
def test_letters_that_not_every_server_takes_are_refused_for_what_they_are(text: str) -> None:
    with pytest.raises(NotForEveryServer):
        kept_form(text)
    with pytest.raises(NotForEveryServer):
        wire_form(text)


@pytest.mark.parametrize("text", ["alice@exemple.fr", "alice@exämple.de", "o'hara+x@exemple.fr", "a@例子.广告"])
def test_what_is_taken_can_be_written_to(text: str) -> None:
    assert wire_form(kept_form(text)).isascii()
