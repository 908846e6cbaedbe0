"""Letters sorted for the post, put into envelopes and divided into files: pure."""

from itertools import pairwise
from pathlib import Path

import pytest

from bill import Reason
from delivery.channels.paper.postage_class import step_of, zone_of
from delivery.channels.paper.postal_presort import Destination, TooThick, WeighedMailPiece, piece_of, runs_of
from delivery.channels.paper.print_house_profile import Envelope, PrintHouse, PrintHouseError
from delivery.channels.paper.print_houses.read_print_houses import read_print_houses

HOUSE = PrintHouse()


def equipment(path: Path | None) -> PrintHouse:
    return read_print_houses(path, Path("var"), "Europe/Paris", "").default.equipment


def letter(
    delivery: int, postcode: str = "44000", pages: int = 1, country: str = "FR", holder: str = "alice"
) -> WeighedMailPiece:
    return piece_of(Destination(country, postcode, holder, delivery, delivery), pages, 0, HOUSE, is_foreign=False)


@pytest.mark.parametrize(
    ("pages", "duplex", "foreign", "envelope", "sheets"),
    [
        (1, False, False, "DL", 1),
        (5, False, False, "DL", 5),
        (6, False, False, "C5", 7),  # with its carrier
        (11, False, False, "C5", 12),
        (12, False, False, "C4", 13),
        (10, True, False, "DL", 5),
        (11, True, False, "C5", 7),
        (4, False, True, "DL", 5),
        (5, False, True, "C5", 6),
        (1, True, True, "DL", 2),
    ],
)
def test_the_smallest_envelope_that_takes_the_set(pages, duplex, foreign, envelope, sheets):
    fitting = PrintHouse(duplex=duplex).envelope_for(pages, is_foreign=foreign)
    assert fitting is not None
    assert (fitting[0].name, fitting[1]) == (envelope, sheets)


def test_what_no_envelope_takes_is_no_letter():
    assert HOUSE.envelope_for(119, is_foreign=False) is not None
    with pytest.raises(TooThick) as thick:
        letter(1, pages=121)
    assert thick.value.reason == Reason("too_many_pages", {"pages": 121})
    heavy = PrintHouse(paper_grams=400)
    with pytest.raises(TooThick) as too_heavy:
        piece_of(Destination("FR", "44000", "bob", 1, 1), 100, 0, heavy, is_foreign=False)
    assert too_heavy.value.reason.code == "too_heavy"


@pytest.mark.parametrize(
    ("pages", "grams", "postal_class"),
    [(1, 9.49, "FR-20"), (3, 19.47, "FR-20"), (4, 24.46, "FR-100"), (12, 81.86, "FR-100"), (40, 221.57, "FR-250")],
)
def test_sheets_and_envelope_make_the_weight_and_the_class(pages, grams, postal_class):
    piece = letter(1, pages=pages)
    assert (piece.grams, piece.postal_class) == (grams, postal_class)


def test_tariffs_end_with_their_step_and_at_the_border():
    assert [step_of(grams) for grams in (0.5, 20, 20.01, 2000, 2000.01)] == [20, 20, 100, 2000, None]
    assert [zone_of(country) for country in ("FR", "RE", "MC", "BE", "US")] == ["FR"] * 3 + ["INT"] * 2


def test_letters_lie_by_class_and_along_the_postmans_way():
    letters = [
        letter(1, "59000"), letter(2, "1000", country="BE"), letter(3, "13001", pages=4), letter(4, "44000"),
        letter(5, "13001"), letter(6, "44000", holder="bob"), letter(7, "75001", pages=8), letter(8, "13001", pages=20),
    ]  # fmt: skip
    runs = runs_of(letters, HOUSE)
    assert [[piece.place.delivery for piece in run] for run in runs] == [[5, 4, 6, 1, 3, 2], [7], [8]]
    assert [run[0].envelope.name for run in runs] == ["DL", "C5", "C4"]
    assert [piece.postal_class for piece in runs[0]] == ["FR-20"] * 4 + ["FR-100", "INT-20"]


def test_a_class_lies_in_one_piece():
    letters = [letter(n, f"{n * 37 % 95:02}000", pages=n % 5 + 1, country=("FR", "BE")[n % 2]) for n in range(200)]
    for run in runs_of(letters, HOUSE):
        classes = [piece.postal_class for piece in run]
        assert len(set(classes)) == 1 + sum(one != other for one, other in pairwise(classes))


@pytest.mark.parametrize(
    ("most_letters", "most_sheets", "files"), [(10, 999, 3), (999, 40, 3), (7, 40, 4), (25, 100, 1)]
)
def test_no_file_is_larger_than_the_print_house_wants(most_letters, most_sheets, files):
    house = PrintHouse(most_letters=most_letters, most_sheets=most_sheets)
    letters = [letter(n, pages=4) for n in range(25)]
    runs = runs_of(letters, house)
    assert len(runs) == files
    assert [piece.place.delivery for run in runs for piece in run] == list(range(25))
    assert all(len(run) <= most_letters for run in runs)
    assert all(sum(piece.sheets for piece in run) <= most_sheets for run in runs)


def test_a_letter_thicker_than_a_file_is_a_file():
    house = PrintHouse(most_sheets=3)
    assert [len(run) for run in runs_of([letter(n, pages=4) for n in range(3)], house)] == [1, 1, 1]


def test_a_file_says_where_a_print_house_differs(tmp_path: Path):
    path = tmp_path / "house.toml"
    path.write_text(
        "duplex = true\npaper_grams = 90\nmost_letters = 5000\n"
        '[[envelopes]]\nname = "C5/6"\nfold = "three"\nmost_sheets = 6\ngrams = 5\n'
    )
    house = equipment(path)
    assert (house.duplex, house.paper_grams, house.most_letters, house.most_sheets) == (True, 90, 5000, 50_000)
    assert house.envelopes == (Envelope(name="C5/6", fold="three", most_sheets=6, grams=5),)
    assert equipment(None) == PrintHouse()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("duplex = 1", "duplex"),
        ("sides = 2", "sides"),
        ("envelopes = []", "at least one"),
        ("paper_grams = 0", "more than nothing"),
        ('[[envelopes]]\nname = "DL"\nfold = "four"\nmost_sheets = 6\ngrams = 5', "fold"),
        (2 * '[[envelopes]]\nname = "DL"\nfold = "three"\nmost_sheets = 6\ngrams = 5\n', "thinnest"),
        ("duplex", "TOML|Expected|expected"),
    ],
)
def test_a_wrong_file_is_refused_by_name(tmp_path: Path, text: str, says: str):
    path = tmp_path / "house.toml"
    path.write_text(text)
    with pytest.raises(PrintHouseError, match=says):
        equipment(path)


def test_a_file_that_is_not_there_is_told(tmp_path: Path):
    with pytest.raises(PrintHouseError, match="house"):
        equipment(tmp_path / "house.toml")
