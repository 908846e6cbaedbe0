"""DataMatrix symbols, read back by zxing."""

import random

import pytest
from PIL import Image

from render.codes.datamatrix import encode
from render.codes.module_grid import ModuleGrid

zxingcpp = pytest.importorskip("zxingcpp", reason="zxing-cpp is not installed")


def picture(symbol: ModuleGrid, dots: int = 5) -> Image.Image:
    image = Image.new("L", ((symbol.size + 4) * dots,) * 2, 255)
    for y, row in enumerate(symbol.rows, 2):
        for x in range(symbol.size):
            if row >> symbol.size - 1 - x & 1:
                image.paste(0, ((x + 2) * dots, y * dots, (x + 3) * dots, (y + 1) * dots))
    return image


def read(symbol: ModuleGrid, dots: int = 5) -> list[str]:
    found = zxingcpp.read_barcodes(picture(symbol, dots), formats=zxingcpp.BarcodeFormat.DataMatrix)
    return [code.text for code in found]


@pytest.mark.parametrize("digits", range(1, 89))
def test_digits_of_every_length_are_read_back(digits: int):
    dice = random.Random(digits)
    text = "".join(dice.choice("0123456789") for _ in range(digits))
    assert read(encode(text)) == [text]


@pytest.mark.parametrize("text", ["A", "lot 231, pli 12/4212", "a1b22c333", "!~ 00"])
def test_other_ascii_is_read_back(text: str):
    assert read(encode(text)) == [text]


def test_twenty_four_digits_are_sixteen_modules():
    assert [encode("0" * digits).size for digits in (6, 10, 24, 25, 88)] == [10, 12, 16, 18, 26]


def test_a_symbol_with_a_stain_is_still_read():
    """Twelve check codewords mend six: as many modules of different codewords may be wrong."""
    symbol = encode("000231000012004212001003")
    rows = list(symbol.rows)
    for y, x in ((5, 5), (8, 9), (11, 4)):
        rows[y] ^= 1 << symbol.size - 1 - x
    assert read(ModuleGrid.of(rows)) == ["000231000012004212001003"]


def test_as_another_encoder_draws_it():
    """Zint, by way of zxing, draws the same modules."""
    text = "000231000012004212001003"
    made = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.DataMatrix, forceSquare=True)
    pixels = memoryview(made.to_image(scale=1, add_quiet_zones=False))
    assert pixels.shape == (16, 16)
    theirs = tuple(int("".join("0" if value else "1" for value in row), 2) for row in pixels.tolist())
    assert encode(text).rows == theirs


@pytest.mark.parametrize("text", ["é", "0" * 89, "x" * 45])
def test_what_does_not_fit_is_refused(text: str):
    with pytest.raises(ValueError):
        encode(text)
