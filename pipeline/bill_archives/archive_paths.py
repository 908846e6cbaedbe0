"""What files are called in an archive: a folder a contract, in it the files of each bill by its day and number.

Names become plain file names (`export.saved_files.file_name`), short enough for Windows within a folder of a person's
own. No two are alike for a file system that knows no capitals.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from export.saved_files.file_name import file_name

_FOLDER_BYTES: Final = 60
_STEM_BYTES: Final = 60
_ATTACHMENT_BYTES: Final = 70


def account_folders(names: Sequence[str], root: str) -> list[str]:
    """The folder of each contract, by what it is called."""
    taken: set[str] = set()
    folders = []
    for name in names:
        folder = _free(plain_name(name, _FOLDER_BYTES), [""], taken)
        taken.add(_folded(folder))
        folders.append(f"{root}/{folder}")
    return folders


class DayPaths:
    """Gives the bills of one contract and day their paths. *taken*: paths given before, by another process too."""

    def __init__(self, folder: str, taken: Iterable[str] = ()) -> None:
        self._folder = folder
        self._taken: set[str] = set()
        for path in taken:
            self._take(path.removeprefix(f"{folder}/"))

    def give(self, name: str, endings: Sequence[str], attachments: Sequence[str]) -> tuple[list[str], list[str]]:
        """Paths for a bill's files, by their endings, and for its attachments, which lie in a folder of its name."""
        kept = [f"/{n} {plain_name(each, _ATTACHMENT_BYTES)}" for n, each in enumerate(attachments, 1)]
        stem = _free(plain_name(name, _STEM_BYTES), [*endings, ""], self._taken)
        paths = [stem + ending for ending in (*endings, *kept)]
        for path in paths:
            self._take(path)
        whole = [f"{self._folder}/{path}" for path in paths]
        return whole[: len(endings)], whole[len(endings) :]

    def _take(self, path: str) -> None:
        self._taken |= {_folded(path), _folded(path.partition("/")[0])}


def plain_name(text: str, most: int) -> str:
    """*text* as a file name of *most* bytes, composed (NFC)."""
    return file_name(unicodedata.normalize("NFC", text), most)


def _free(name: str, endings: Sequence[str], taken: set[str]) -> str:
    """The name, or the name with the first number from 2 on, with which none of these is taken."""
    n, free = 1, name
    while any(_folded(free + ending) in taken for ending in endings):
        n += 1
        free = f"{name} ({n})"
    return free


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", path.casefold())
