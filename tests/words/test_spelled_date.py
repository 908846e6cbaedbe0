"""Dates in words, in the order and with the names of each reader's language."""

from datetime import date, datetime

import pytest

from words.relative_dates import spell_day, spell_exact, spell_full, spell_full_moment, spell_month
from words.written_dates import written_date

NBSP = "\N{NO-BREAK SPACE}"
FIRST, THIRD = date(2026, 12, 1), date(2026, 12, 3)


@pytest.mark.parametrize(
    ("language", "first", "third"),
    [("fr", "1er décembre 2026", "3 décembre 2026"), ("en", "1 December 2026", "3 December 2026")],
)
def test_a_date_in_a_mail(language: str, first: str, third: str) -> None:
    assert (written_date(FIRST, language), written_date(THIRD, language)) == (first, third)


def test_a_language_that_we_do_not_have_is_french() -> None:
    assert written_date(FIRST, "da") == "1er décembre 2026"


def test_a_date_on_a_page_does_not_break() -> None:
    assert spell_day(FIRST, "fr") == f"1er{NBSP}décembre{NBSP}2026"
    assert spell_day(THIRD, "fr", year=False, short=True) == f"3{NBSP}déc."
    assert spell_day(THIRD, "en", short=True) == f"3{NBSP}Dec{NBSP}2026"


def test_a_date_with_its_weekday_breaks_after_it_alone() -> None:
    assert spell_exact(THIRD, "fr") == f"jeudi 3{NBSP}décembre{NBSP}2026"
    assert spell_exact(FIRST, "en") == f"Tuesday, 1{NBSP}December{NBSP}2026"


def test_a_month() -> None:
    assert (spell_month(THIRD, "fr"), spell_month(THIRD, "fr", year=False, short=True)) == ("décembre 2026", "déc.")
    assert (spell_month(THIRD, "en", short=True), spell_month(THIRD, "en", year=False)) == ("Dec 2026", "December")


@pytest.mark.parametrize(
    ("language", "by", "at"),
    [
        ("fr", "avant le 3 décembre 2026", "le 3 décembre 2026 à 17:28"),
        ("en", "by 3 December 2026", "on 3 December 2026 at 17:28"),
    ],
)
def test_a_day_on_paper_is_whole_with_the_words_before_it(language: str, by: str, at: str) -> None:
    assert spell_full(THIRD, language, "by").replace(NBSP, " ") == by
    moment = spell_full_moment(datetime(2026, 12, 3, 17, 28), language, "on")  # noqa: DTZ001 -- in the reader's zone
    assert moment.replace(NBSP, " ") == at
