"""Measures whether a path tells what its file does: a random sample, guesses, and the share that were right.

    python -m bench.path_names sample 60 7 > guesses.txt     60 random paths of the rooms, chosen by seed 7
    python -m bench.path_names score guesses.txt             each guess beside the file's docstring, and the share

Somebody who has opened none of the files writes a guess after each `path:`; another person judges. `score` prints
`[ ] path: guess` with the first sentence of the module's docstring below. The judge saves that as a file, writes 1
(right), 0.5 (partly) or 0 (wrong) between the brackets and scores it again. The share must reach 0.96; below it, the
exit status is 1. Of well-named projects, fava has 0.94 and healthchecks 0.96.
"""

import ast
import random
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
TARGET: Final = 0.96
NOT_ROOMS: Final = {"tests", "bench"}
_LINE: Final = re.compile(r"(?:\[(?P<mark>[ \d.]*)\] )?(?P<path>[\w/]+\.py):(?P<guess>.*)")


@dataclass(frozen=True)
class Guess:
    """What somebody thinks that a file does, and the judge's mark: 1, 0.5, 0, or None where not judged."""

    path: str
    text: str
    mark: float | None = None


def room_files(root: Path = ROOT) -> list[str]:
    """Every Python file of the rooms but `__init__.py`, as sorted paths from the root."""
    rooms = sorted(init.parent for init in root.glob("*/__init__.py") if init.parent.name not in NOT_ROOMS)
    files = (path for room in rooms for path in room.rglob("*.py") if path.name != "__init__.py")
    return sorted(path.relative_to(root).as_posix() for path in files)


def sample(count: int, seed: int, root: Path = ROOT) -> list[str]:
    """`count` random paths of the rooms, the same for the same seed and files."""
    paths = room_files(root)
    return sorted(random.Random(seed).sample(paths, min(count, len(paths))))


def first_sentence(path: Path) -> str:
    """The first sentence of a module's docstring, on one line; empty when there is none."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    paragraph = " ".join(docstring.partition("\n\n")[0].split())
    return re.split(r"(?<=[.?!])\s+(?=[A-Z`«])", paragraph, maxsplit=1)[0]


def read_guesses(lines: Iterable[str]) -> Iterator[Guess]:
    """Guesses from lines `path: guess` or `[mark] path: guess`; other lines are passed over.

    Raises ValueError for a mark other than 1, 0.5 and 0.
    """
    for line in lines:
        if found := _LINE.fullmatch(line.rstrip()):
            yield Guess(found["path"], found["guess"].strip(), _mark(found["mark"] or ""))


def _mark(text: str) -> float | None:
    if not text.strip():
        return None
    mark = float(text)
    if mark not in {0, 0.5, 1}:
        raise ValueError(f"a mark is 1, 0.5 or 0, not {text.strip()}")
    return mark


def share(guesses: Iterable[Guess]) -> float | None:
    """The mean mark of the judged guesses, from 0 to 1; None when none is judged."""
    marks = [guess.mark for guess in guesses if guess.mark is not None]
    return sum(marks) / len(marks) if marks else None


def judging_sheet(guesses: Iterable[Guess], root: Path = ROOT) -> Iterator[str]:
    """The lines for the judge: each guess with its mark, and below it what the file's docstring says."""
    for guess in guesses:
        mark = " " if guess.mark is None else f"{guess.mark:g}"
        yield f"[{mark}] {guess.path}: {guess.text}"
        yield f"    {first_sentence(root / guess.path)}"


def main(arguments: list[str]) -> int:
    """Run `sample N SEED` or `score GUESSES`; returns the exit status, 1 for a share below the target."""
    match arguments:
        case ["sample", count, seed]:
            print(f"# {count} of {len(room_files())} files, seed {seed}; guess before you open any")
            print(*(f"{path}: " for path in sample(int(count), int(seed))), sep="\n")
            return 0
        case ["score", file]:
            guesses = list(read_guesses(Path(file).read_text(encoding="utf-8").splitlines()))
            print(*judging_sheet(guesses), sep="\n")
            return _report(guesses)
    print(__doc__)
    return 2


def _report(guesses: list[Guess]) -> int:
    judged = sum(guess.mark is not None for guess in guesses)
    told = share(guesses)
    print(f"# {judged} of {len(guesses)} judged" + (f", share {told:.3f}, target {TARGET}" if told is not None else ""))
    return int(told is not None and told < TARGET)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
