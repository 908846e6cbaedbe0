"""Pictures of the pages that a browser's tests look at, for people: FACTEUR_PICTURES names their folder, and without it
none are taken. To draw a page that nobody looks at took half of such a test."""

import os
from pathlib import Path
from typing import Any, Final

from tests.portal.browser.chromium_fixture import SCHEMES

_FOLDER: Final = os.environ.get("FACTEUR_PICTURES")


def take_pictures(page: Any, name: str) -> None:
    """The whole page as it is now, light and dark."""
    for scheme in SCHEMES if _FOLDER else ():
        page.emulate_media(color_scheme=scheme)
        take_picture(page, f"{name}-{scheme}")


def take_picture(page: Any, name: str) -> None:
    """The whole page as it is now."""
    if _FOLDER:
        page.screenshot(path=Path(_FOLDER) / f"{name}.png", full_page=True)
