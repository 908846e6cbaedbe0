"""Pictures of what people see in a story: at a phone's and a desk's width, light and dark, as committed under
`docs/pictures/stories` (`make story-pictures`), else in a folder of this machine."""

import os
import tempfile
from pathlib import Path
from typing import Any, Final

from PIL import Image

from tests.portal.browser.chromium_fixture import DESK, PHONE, SCHEMES

KEPT: Final = Path(__file__).parents[2] / "docs" / "pictures" / "stories"
#: A screen of each width, in CSS pixels.
HEIGHTS: Final = {PHONE: 844, DESK: 800}


def picture_folder() -> Path:
    """Where the pictures of this run go."""
    if os.environ.get("FACTEUR_STORY_PICTURES"):
        KEPT.mkdir(exist_ok=True)
        return KEPT
    return Path(tempfile.mkdtemp(prefix="facteur-pictures-"))


def take_pictures(page: Any, name: str, folder: Path) -> list[Path]:
    """The screen as it stands, at both widths and in both schemes, in 64 colours. The page has its size and scheme back
    afterwards."""
    before, taken = page.viewport_size, []
    for width, height in HEIGHTS.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            taken.append(folder / f"{name}-{width}-{scheme}.png")
            page.screenshot(path=taken[-1], animations="disabled")
            Image.open(taken[-1]).convert("RGB").quantize(64, dither=Image.Dither.NONE).save(taken[-1], optimize=True)
    page.set_viewport_size(before)
    page.emulate_media(color_scheme=None)
    return taken
