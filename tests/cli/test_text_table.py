"""Tables fit the terminal, and cut nothing."""

import pytest

from cli.text_table import table_lines

HEADINGS = ["mois", "comptes", "lues en 7 jours", "lettres évitées"]
ROWS = [["nov. 2026", "1\u202f204", "42\u202f%", "7"], ["déc. 2026", "9", "–", "0"]]
FIGURES = frozenset({1, 2, 3})


def test_where_nobody_looks_it_is_as_wide_as_it_likes() -> None:
    assert table_lines(HEADINGS, ROWS, FIGURES, None)[0] == "mois       comptes  lues en 7 jours  lettres évitées"


@pytest.mark.parametrize("width", [80, 45, 40, 36, 30, 12])
def test_no_word_is_cut_and_no_line_is_wider(width: int) -> None:
    lines = table_lines(HEADINGS, ROWS, FIGURES, width)
    assert max(map(len, lines)) <= max(width, 27)
    told = " ".join(lines)
    assert [word for text in [*HEADINGS, *ROWS[0]] for word in text.split(" ") if word not in told] == []


def test_where_words_do_not_fit_each_row_is_a_block() -> None:
    assert table_lines(HEADINGS, ROWS[:1], FIGURES, 12)[0] == "mois             nov. 2026"


def test_a_cell_of_several_lines() -> None:
    assert table_lines(["a", "b"], [["1\n2", "x"]], frozenset(), None) == ["a  b", "1  x", "2"]
