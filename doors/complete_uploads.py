"""An issuer's upload folder: SFTP uploads, which of them are complete, and which file names are allowed.

Its sender sees two folders in it, `archive` and `rejected`, with the files that were taken in or refused. Three more
are hidden from senders: `.underway` has a mark for each upload that has begun and was not closed by its sender,
`.taken` holds complete files that are being made into feeds, `.awaited` has a note for each report that is to be
written. All state is on disk, so that the server may be killed at any moment.
"""

import logging
from collections.abc import Collection, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from os import DirEntry, scandir
from pathlib import Path
from tempfile import mkdtemp
from typing import Final, NamedTuple

from doors.claimed_upload import ClaimedUpload, claimed_upload_in
from doors.companion_text import companion_text
from doors.declared_totals import CONTROL_FILES
from doors.declared_totals import LARGEST as LARGEST_CONTROL_FILE
from doors.feed_drop import ALGORITHMS
from doors.kept_uploads import KeptUploads
from doors.upload_names import is_late_mark, is_mark, is_temporary, marks_of

#: Ending of the report that is written once a feed was read, and of all our answer files: `mars.xml.received.json`.
REPORT: Final = ".report.json"
ANSWERS: Final = (".received.json", ".refused.json", REPORT)
#: The most answer files that are left; beyond, the oldest go first.
MOST_ANSWERS: Final = 2_000
#: How long an answer file is left for its sender.
ANSWERS_STAY: Final = timedelta(days=30)

log = logging.getLogger(__name__)


class UnfinishedUpload(NamedTuple):
    """An upload that is not complete: under way, broken off, or a checksum file, control file or mark without its
    feed."""

    slug: str
    name: str
    size: int
    since: datetime


class UploadFolder:
    """The upload folder of the issuer *slug* under the folder *home*."""

    def __init__(self, home: Path, slug: str) -> None:
        self.slug = slug
        self.folder = home / slug
        self._taken = home / ".taken" / slug
        self._underway = home / ".underway" / slug
        self.awaited = home / ".awaited" / slug
        self.archive = KeptUploads(home / ".archive" / slug)
        self.rejected = KeptUploads(home / ".rejected" / slug)

    @property
    def kept(self) -> dict[str, KeptUploads]:
        """The folders that its sender sees in it, by name."""
        return {"archive": self.archive, "rejected": self.rejected}

    def make(self) -> None:
        """Create its folders if missing, readable by this user only."""
        for kept in self.kept.values():
            kept.make()
        for folder in (self.folder, self._taken, self._underway):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def files(self) -> Iterator[DirEntry[str]]:
        """Its regular files, by name."""
        yield from files_of(self.folder)

    def begin(self, name: str) -> None:
        """Mark an upload as begun: the file of this name is not complete."""
        (self._underway / name).touch()

    def end(self, name: str) -> None:
        """Remove the mark: the sender has closed the upload, or the file is gone."""
        (self._underway / name).unlink(missing_ok=True)

    def is_underway(self, name: str) -> bool:
        return (self._underway / name).exists()

    def rename(self, old: str, new: str) -> None:
        """Rename a file. An unfinished upload stays unfinished under its new name."""
        if self.is_underway(old):
            self.begin(new)
        (self.folder / old).replace(self.folder / new)
        if not self.is_underway(old):
            self.end(new)
        self.end(old)

    def remove(self, name: str) -> None:
        (self.folder / name).unlink()
        self.end(name)

    def take(self, name: str) -> None:
        """Claim a complete file: move it, its digests and its control file out of its sender's reach."""
        folder = Path(mkdtemp(dir=self._taken))
        beside = [path for path in self.checksum_files(name) if path.is_file()]
        for path in beside:
            (folder / path.suffix.lower()).write_text(_first_word(path))
        control_files = [(ending, path) for ending, path in self.control_files(name) if path.is_file()]
        for ending, path in control_files:
            (folder / ending).write_bytes(_head(path, LARGEST_CONTROL_FILE + 1))
        (self.folder / name).replace(folder / name)
        marks = [self.folder / mark for mark in marks_of(name)]
        for path in [*beside, *(path for _, path in control_files), *marks]:
            path.unlink(missing_ok=True)

    def taken(self) -> list[ClaimedUpload]:
        """The claimed uploads that are not deleted yet, by name."""
        folders = self._taken.iterdir() if self._taken.is_dir() else ()
        return sorted((each for folder in folders if (each := claimed_upload_in(folder))), key=lambda each: each.name)

    def size(self) -> tuple[int, int]:
        """How many files and bytes its sender has in it: not our answers, but what is being made into feeds."""
        sizes = [each.stat().st_size for each in self.files() if not each.name.endswith(ANSWERS)]
        for path in self._taken.glob("*/*"):
            with suppress(FileNotFoundError):  # it is a feed by now
                sizes.append(path.stat().st_size)
        return len(sizes), sum(sizes)

    def checksum_files(self, name: str) -> list[Path]:
        """The paths of a file's possible checksum files."""
        return [self.folder / f"{name}.{ending}" for each in sorted(ALGORITHMS) for ending in (each, each.upper())]

    def control_files(self, name: str) -> list[tuple[str, Path]]:
        """The paths of a file's possible control files, each with its ending."""
        return [
            (ending, self.folder / f"{name}{written}")
            for ending in CONTROL_FILES
            for written in (ending, ending.upper())
        ]

    def answer(self, name: str, ending: str, text: str) -> None:
        """Write an answer file beside the upload atomically, in place of any older ones."""
        draft = self._draft(f"{name}{ending}", text)
        for other in ANSWERS:
            (self.folder / f"{name}{other}").unlink(missing_ok=True)
        draft.replace(self.folder / f"{name}{ending}")

    def report(self, name: str, text: str) -> None:
        """Write the report of a feed beside the answer that told of its receipt."""
        self._draft(f"{name}{REPORT}", text).replace(self.folder / f"{name}{REPORT}")

    def _draft(self, name: str, text: str) -> Path:
        draft = self.folder / f".{name}"
        draft.write_text(text, encoding="utf-8")
        return draft


def files_of(folder: Path) -> list[DirEntry[str]]:
    """The regular files in a folder, by name."""
    with scandir(folder) as entries:
        return sorted((each for each in entries if each.is_file(follow_symlinks=False)), key=lambda each: each.name)


def upload_folders(home: Path) -> Iterator[UploadFolder]:
    """The existing upload folders, by slug."""
    if home.is_dir():
        for folder in sorted(each for each in home.iterdir() if each.is_dir() and not each.name.startswith(".")):
            yield UploadFolder(home, folder.name)


def claim_complete_uploads(
    home: Path, now: datetime, quiet_seconds: float, arrived: Collection[tuple[str, str]] = ()
) -> None:
    """Claim every complete upload: its checksum file or its mark (`.ok`) is there, it was renamed into place
    (*arrived*: slug and name), or it was not changed for *quiet_seconds*. Deletes answers that nobody has fetched for
    a long time."""
    for upload_folder in upload_folders(home):
        try:
            _claim_complete_of(
                upload_folder, now, quiet_seconds, {name for slug, name in arrived if slug == upload_folder.slug}
            )
        except OSError as error:  # an error in one folder delays no other
            log.warning("the upload folder of %s cannot be read: %s", upload_folder.slug, error)


def _claim_complete_of(
    upload_folder: UploadFolder, now: datetime, quiet_seconds: float, arrived: Collection[str]
) -> None:
    quiet = {entry.name: now - _changed(entry) for entry in upload_folder.files()}
    answers = sorted((name for name in quiet if name.endswith(ANSWERS)), key=lambda name: quiet[name])
    too_many = set(answers[MOST_ANSWERS:])
    for name, for_how_long in quiet.items():
        if name.endswith(ANSWERS):
            if for_how_long > ANSWERS_STAY or name in too_many:
                upload_folder.remove(name)
        elif is_mark(name):
            if is_late_mark(name, quiet, ANSWERS):
                upload_folder.remove(name)
        elif _may_count(upload_folder, name) and (
            name in arrived
            or for_how_long.total_seconds() >= quiet_seconds
            or _is_announced(upload_folder, name, quiet)
        ):
            upload_folder.take(name)


def unfinished_uploads(home: Path) -> list[UnfinishedUpload]:
    """The incomplete uploads, which will not be read as they are."""
    return [
        UnfinishedUpload(upload_folder.slug, entry.name, entry.stat().st_size, _changed(entry))
        for upload_folder in upload_folders(home)
        for entry in upload_folder.files()
        if not entry.name.endswith(ANSWERS) and not _may_count(upload_folder, entry.name)
    ]


def _may_count(upload_folder: UploadFolder, name: str) -> bool:
    lower = name.lower()
    is_beside_another = lower.rpartition(".")[2] in ALGORITHMS or lower.endswith(CONTROL_FILES) or is_mark(name)
    is_declared_soon = any(upload_folder.is_underway(path.name) for _, path in upload_folder.control_files(name))
    return not (is_beside_another or is_declared_soon or is_temporary(name) or upload_folder.is_underway(name))


def _is_announced(upload_folder: UploadFolder, name: str, names: Collection[str]) -> bool:
    beside = [*(path.name for path in upload_folder.checksum_files(name)), *marks_of(name)]
    return any(each in names and not upload_folder.is_underway(each) for each in beside)


def _first_word(path: Path) -> str:
    """The first word of a checksum file: `sha256sum` writes the digest, then the name. A name in another encoding does
    not matter."""
    content = _head(path, 1024)
    try:
        words = companion_text(content).split()
    except UnicodeDecodeError:
        words = content.decode("ascii", "replace").split()
    return words[0] if words else ""


def _head(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        return file.read(most)


def _changed(entry: DirEntry[str]) -> datetime:
    """When a file was last changed in any way (ctime); a sender can set the modification time, but not this."""
    return datetime.fromtimestamp(entry.stat(follow_symlinks=False).st_ctime, UTC)
