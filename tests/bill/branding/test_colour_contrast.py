"""How well a colour reads on white."""

import pytest

from bill import contrast_on_white


@pytest.mark.parametrize(
    ("colour", "contrast"), [("#ffffff", 1.0), ("#000000", 21.0), ("#767676", 4.54), ("#FFFF00", 1.07)]
)
def test_contrast_is_what_wcag_says(colour: str, contrast: float) -> None:
    assert contrast_on_white(colour) == pytest.approx(contrast, abs=0.005)


@pytest.mark.parametrize("colour", ["", "red", "#fff", "1f4e5a", "#1f4e5a\n", "#gggggg"])
def test_what_is_no_colour_has_none(colour: str) -> None:
    with pytest.raises(ValueError, match="is no colour"):
        contrast_on_white(colour)
