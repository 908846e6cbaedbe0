"""The pictures of docs/bills.md are of the pages that are drawn today."""

import re
import shutil

import pytest
from PIL import Image, ImageChops

from tests.golden_pages import FOLDER, pages, painted

BILLS = (FOLDER.parent.parent / "bills.md").read_text(encoding="utf-8")
#: Of 255: where a line has moved, some part of the page differs by more. Another release of poppler differs by less.
LEAST_SEEN = 25
HEAVIEST = 120_000


def test_every_page_is_shown_once() -> None:
    shown = re.findall(r"\(pictures/pages/([a-z-]+)\.png\)", BILLS)
    assert sorted(shown) == sorted(pages()) == sorted(path.stem for path in FOLDER.iterdir())
    assert all(path.stat().st_size < HEAVIEST for path in FOLDER.iterdir())


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm is not here (apt-get install poppler-utils)")
@pytest.mark.parametrize("name", pages())
def test_a_page_looks_as_its_picture(name: str) -> None:
    """What differs is told by `make pictures`, and by looking."""
    drawn = painted(pages()[name]()).convert("L")
    kept = Image.open(FOLDER / f"{name}.png").convert("L")
    assert drawn.size == kept.size
    coarse = [picture.resize((drawn.width // 8, drawn.height // 8), Image.Resampling.BOX) for picture in (drawn, kept)]
    _, most = ImageChops.difference(*coarse).getextrema()
    assert most < LEAST_SEEN, f"{name}: another page than its picture; run `make pictures` and look at it"
