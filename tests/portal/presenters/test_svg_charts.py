"""Charts: well-formed, honest about zero, and told in words to whoever does not see them."""

from itertools import pairwise

import pytest
from lxml import etree

from bill.percentage import percent
from portal.presenters.svg_charts import HEIGHT, Range, Series, bars, lines, nice_top

MONTHS = ["janv.", "févr.", "mars"]


def parse(svg: str) -> etree._Element:
    return etree.fromstring(svg.encode())


def points(root: etree._Element) -> list[list[tuple[float, float]]]:
    """The curves as drawn: for each path its pieces' points."""
    paths = [path.get("d", "") for path in root.iter("path")]
    pieces = [piece for path in paths for piece in path.split("M") if piece.strip()]
    return [[tuple(map(float, point.split()[:2])) for point in piece.split("L")] for piece in pieces]  # type: ignore[misc]


def zero(root: etree._Element) -> float:
    """Where the axis says 0."""
    [label] = [text for text in root.iter("text") if (text.text or "").split("\u00a0")[0] == "0"]
    return float(label.get("y", "")) - 4


def test_a_curve_begins_its_axis_at_zero_and_names_itself() -> None:
    root = parse(lines("Sans papier", MONTHS, [Series("Lumière", [0.0, 0.2, 0.4])], percent))
    [curve] = points(root)
    heights = [zero(root) - y for _, y in curve]
    assert heights[0] == pytest.approx(0, abs=0.1)
    assert heights[2] == pytest.approx(2 * heights[1], abs=0.2), "twice as much is twice as high"
    assert "Lumière 40\u00a0%" in [text.text for text in root.iter("text")]


def test_a_curve_is_broken_where_nothing_is_known() -> None:
    root = parse(lines("Lues", list("abcde"), [Series("", [0.1, 0.2, None, 0.3, 0.4])], percent))
    assert [len(piece) for piece in points(root)] == [2, 2]


def test_a_sparse_curve_is_joined_and_each_of_its_points_is_a_dot() -> None:
    """A bill a quarter: a line through its points, none lost; its name stands at the last, within the drawing."""
    root = parse(
        lines("Lues", list("abcdefgh"), [Series("", [0.1, *3 * [None], 0.3, *3 * [None]], sparse=True)], percent)
    )
    assert [len(piece) for piece in points(root)] == [2]
    assert len(list(root.iter("circle"))) == 2
    [name] = [text for text in root.iter("text") if text.get("class") == "strong near"]
    assert name.text == "30\u00a0%"


def test_what_is_foretold_is_a_band_from_its_lowest_to_its_highest() -> None:
    foretold = Range("prévision", [None, 0.2, 0.3], [None, 0.2, 0.5])
    svg = lines("Sans papier", MONTHS, [Series("Lumière", [0.1, 0.2, None])], percent, foretold=foretold)
    root = parse(svg)
    [band] = [path for path in root.iter("path") if path.get("class") == "band"]
    corners = [tuple(map(float, point.split()[:2])) for point in band.get("d", "").strip("MZ ").split("L")]
    heights = [zero(root) - y for _, y in corners]
    assert heights == pytest.approx([heights[0], 2.5 * heights[0], 1.5 * heights[0], heights[0]], abs=0.3)
    assert "prévision 30\u00a0% à 50\u00a0%" in [text.text for text in root.iter("text")]
    assert "prévision\u00a0: mars 30\u00a0% à 50\u00a0%" in root.get("aria-label", "")


def test_one_month_is_a_dot() -> None:
    root = parse(lines("Lues", ["mars"], [Series("", [0.5])], percent))
    assert len(list(root.iter("circle"))) == 1
    assert not points(root)


def test_names_that_end_together_do_not_lie_upon_each_other() -> None:
    series = [Series(name, [0.0, 0.0, 0.0], "second") for name in "abc"]
    root = parse(lines("Rien", MONTHS, series, percent))
    ys = sorted(float(text.get("y", "")) for text in root.iter("text") if (text.text or "")[0] in "abc")
    assert all(below - above >= 12 for above, below in pairwise(ys))
    assert ys[-1] <= HEIGHT


def test_nothing_known_is_no_chart() -> None:
    assert lines("Lues", MONTHS, [Series("", [None, None, None])], percent) == ""
    assert bars("kWh", MONTHS, [None, None, None], str) == ""


def test_bars_stand_on_zero_and_the_last_is_written_out() -> None:
    root = parse(bars("kWh", MONTHS, [100, 200, 50], lambda value: f"{value:.0f}", beside=[90, None, 60]))
    feet = [float(bar.get("y", "")) + float(bar.get("height", "")) for bar in root.iter("rect")]
    assert feet == pytest.approx([zero(root)] * 5, abs=0.2)
    assert [bar.get("class") for bar in root.iter("rect")] == ["faint", "ours", "ours", "faint", "ours"]
    assert [text.text for text in root.iter("text") if text.get("class") == "strong"] == ["50"]


def test_charts_side_by_side_share_a_scale() -> None:
    low, high = (points(parse(lines("", MONTHS, [Series("", values)], percent, top=0.5)))[0]
                 for values in ([0.1, 0.1, 0.1], [0.5, 0.5, 0.5]))  # fmt: skip
    foot = zero(parse(lines("", MONTHS, [Series("", [0.1])], percent, top=0.5)))
    assert foot - high[0][1] == pytest.approx(5 * (foot - low[0][1]), abs=0.5)


def test_ticks_stand_for_labels_that_are_too_long() -> None:
    root = parse(bars("kWh", MONTHS, [1, 2, 3], str, ticks="JFM"))
    assert [text.text for text in root.iter("text") if text.get("text-anchor") == "middle"] == ["J", "F", "M"]
    assert "mars 3" in root.get("aria-label", "")


def test_a_credit_hangs_below_zero() -> None:
    root = parse(bars("€", MONTHS, [10.0, -5.0, 0.0], lambda value: f"{value:.0f}"))
    first, second = root.iter("rect")
    assert float(first.get("y", "")) + float(first.get("height", "")) == pytest.approx(
        float(second.get("y", "")), abs=0.2
    )


def test_what_it_shows_is_said_and_escaped() -> None:
    series = [Series('Eaux & "fils" <b>', [0.1, 0.2, 0.3])]
    root = parse(lines("Sans papier", MONTHS, series, percent))
    assert root.get("role") == "img"
    assert root.get("aria-label") == 'Sans papier. Eaux & "fils" <b>\u00a0: janv. 10\u00a0%, mars 30\u00a0%.'


@pytest.mark.parametrize(
    ("value", "most", "top"), [(0.31, 1.0, 0.4), (0.93, 1.0, 1.0), (1.0, 1.0, 1.0), (0, 1.0, 1.0), (1284, None, 2000),
                               (294, None, 300), (0, None, 1.0)],
)  # fmt: skip
def test_scales_end_on_round_numbers(value: float, most: float | None, top: float) -> None:
    assert nice_top(value, most) == pytest.approx(top)


@pytest.mark.parametrize(
    ("share", "language", "words"),
    [(0.42, "fr", "42\u00a0%"), (0.42, "en", "42%"), (0.0312, "fr", "3,1\u00a0%"), (0.0999, "en", "10%"),
     (1.0, "fr", "100\u00a0%"), (0.0, "fr", "0\u00a0%"), (None, "fr", "–")],
)  # fmt: skip
def test_shares_in_words(share: float | None, language: str, words: str) -> None:
    assert percent(share, language) == words
