"""Whether a path tells what its file does: the sample, the judge's sheet and the share."""

from pathlib import Path

import pytest

from bench.path_names import first_sentence, judging_sheet, main, read_guesses, room_files, sample, share


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A small house: one room with two files, and tests, which are no room."""
    for folder in ("post", "post/office", "tests"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "__init__.py").touch()
    (tmp_path / "post" / "stamp.py").write_text('"""Sticks stamps\non letters. Slowly."""\n', encoding="utf-8")
    (tmp_path / "post" / "office" / "counter.py").touch()
    (tmp_path / "tests" / "test_stamp.py").touch()
    return tmp_path


def test_the_sample_is_of_the_rooms_files_and_the_same_for_a_seed(house: Path) -> None:
    assert room_files(house) == ["post/office/counter.py", "post/stamp.py"]
    assert sample(1, 7, house) == sample(1, 7, house)
    assert sample(9, 7, house) == room_files(house)
    assert sample(40, 1) != sample(40, 2)


def test_a_guess_is_laid_beside_the_first_sentence(house: Path) -> None:
    sheet = list(judging_sheet(read_guesses(["# seed 7", "post/stamp.py: prints stamps"]), house))
    assert sheet == ["[ ] post/stamp.py: prints stamps", "    Sticks stamps on letters."]
    assert first_sentence(house / "post/office/counter.py") == ""


def test_a_judged_sheet_is_read_back_and_its_share_is_the_mean(house: Path) -> None:
    sheet = [
        "[1] post/stamp.py: sticks stamps",
        "    Sticks stamps on letters.",
        "[0.5] post/office/counter.py: a desk",
    ]
    guesses = list(read_guesses(sheet))
    assert [guess.mark for guess in guesses] == [1, 0.5]
    assert share(guesses) == 0.75
    assert share(read_guesses(["post/stamp.py: not judged yet"])) is None
    with pytest.raises(ValueError, match=r"1, 0\.5 or 0"):
        list(read_guesses(["[2] post/stamp.py: twice right"]))


def test_a_share_below_the_target_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    judged = tmp_path / "judged.txt"
    judged.write_text("[1] store/outage_or_fault.py: a\n[0.5] config.py: b\n", encoding="utf-8")
    assert main(["score", str(judged)]) == 1
    assert "2 of 2 judged, share 0.750" in capsys.readouterr().out
    judged.write_text("[ ] store/outage_or_fault.py: not judged\n", encoding="utf-8")
    assert main(["score", str(judged)]) == 0
    assert main(["sample", "3", "7"]) == 0
    assert main([]) == 2
