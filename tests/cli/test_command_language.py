"""Zoé reads the command line in French, Bob in English; scripts read JSON, which is the same for both."""

import ast
from datetime import date
from decimal import Decimal
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from bill import Reason
from cli.account import _print_account_line
from cli.click_sentences import SENTENCES
from cli.command_language import day, money, reason_words, said, share
from cli.delivery import print_delivery
from cli.main import main
from config import preferred_languages
from delivery.relationship.relationship_state import RELATIONSHIP_STATES
from store.delivery import Delivery
from words.catalogue import LANGUAGES
from words.state_terms import DELIVERY

#: What click says to whoever writes a verb, or of what ours do not have: prompts, passwords, editors, deprecation.
_NOT_HEARD = ("deprecat", "Repeat", "two entered", "Press any", "Do you want", "Confirm the", "must be an iterable",
              "option with declarations", "No options defined", "env var", "exactly one parameter", "(dynamic)",
              "defined twice", "Boolean option", "%(prog)s", "Unknown color", "invalid input", "Choice(", "UUID",
              "valid boolean", "{len_type}", "Takes {nargs} values", "Invalid start", "Show the version",
    "Show this message")  # fmt: skip


@pytest.mark.parametrize(
    ("environment", "first"),
    [
        ({}, "en"), ({"LANG": "C.UTF-8"}, "en"), ({"LANG": "fr_FR.UTF-8"}, "fr"), ({"LANG": "fr"}, "fr"),
        ({"LANG": "fr_CA.UTF-8@x"}, "fr"), ({"LANG": "de_DE.UTF-8"}, "en"), ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "en_US"}, "en"), ({"LANG": "en_US", "LC_ALL": "fr_BE"}, "fr"),
        ({"LC_ALL": "C", "LANGUAGE": "fr"}, "en"), ({"LC_ALL": "POSIX", "LANG": "fr_FR"}, "en"),
        ({"LANG": "de_DE", "LANGUAGE": "nl:fr:en"}, "fr"), ({"LC_ALL": "", "LANG": "fr_FR"}, "fr"),
        ({"FACTEUR_LANGUAGE": "fr", "LC_ALL": "C"}, "fr"), ({"FACTEUR_LANGUAGE": "en", "LANG": "fr_FR"}, "en"),
    ],
)  # fmt: skip
def test_the_environment_says_the_language(environment: dict[str, str], first: str) -> None:
    assert next((each for each in preferred_languages(environment) if each in LANGUAGES), "en") == first


def test_amounts_days_and_plurals_are_the_language_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTEUR_LANGUAGE", "fr")
    assert money(Decimal("3223.06"), "EUR") == "3\u202f223,06\u00a0€"
    assert (share(0.42), day(date(2026, 12, 3))) == ("42\u00a0%", "3\u00a0déc.\u00a02026")
    assert [said("{n} letter|{n} letters", n=n) for n in (0, 1, 2)] == ["0 lettre", "1 lettre", "2 lettres"]
    monkeypatch.setenv("FACTEUR_LANGUAGE", "en")
    assert (money(Decimal("3223.06"), "EUR"), share(0.42)) == ("€3,223.06", "42%")
    assert [said("{n} letter|{n} letters", n=n) for n in (0, 1, 1204)] == ["0 letters", "1 letter", "1,204 letters"]


def test_help_and_wrong_usage_are_in_french(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTEUR_LANGUAGE", "")
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")
    told = CliRunner().invoke(main, ["feed", "--help"]).output
    assert "Usage\u00a0:" in told
    assert "Laisser passer un flux retenu." in told
    assert "Il n’y a pas de commande 'nothing'." in CliRunner().invoke(main, ["nothing"]).output


def test_everything_that_click_says_is_known() -> None:
    """What a new version of click says, and we have not heard of, is added to `cli.click_sentences`."""
    known = {form for text in SENTENCES for form in text.split("|")}
    said_by_click = {
        call.args[0].value
        for module in ("core", "decorators", "exceptions", "formatting", "parser", "types")
        for call in ast.walk(ast.parse((Path(click.__file__).parent / f"{module}.py").read_text("utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in {"_", "ngettext"}
        and isinstance(call.args[0], ast.Constant)
    }  # fmt: skip
    heard = {text for text in said_by_click if not any(part in text for part in _NOT_HEARD)}
    assert heard - known == set()


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_no_word_is_wider_than_its_column(
    spoken: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FACTEUR_LANGUAGE", spoken)
    for relationship in RELATIONSHIP_STATES:
        _print_account_line(
            {"issuer": "eaux", "account": "1", "relationship": relationship, "channel": "paper", "holder": "Zoé"}
        )
    assert len({line.index(" Zoé") for line in capsys.readouterr().out.splitlines()}) == 1
    shown = Reason.of("shown_to_holder")
    for purpose in ("present", "notify", "print", "remind-1", "due-1"):
        for state in DELIVERY:
            print_delivery(Delivery(channel="portal", purpose=purpose, state=state, reason=shown))
    assert len({line.index(reason_words(shown)) for line in capsys.readouterr().out.splitlines()}) == 1
