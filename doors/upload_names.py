"""What an uploaded file's name says: allowed or not, an unfinished upload, or a mark that another upload is
complete."""

import re
from collections.abc import Collection, Iterator
from pathlib import PurePosixPath
from typing import Final

#: The longest file name in bytes of UTF-8: file systems allow 255, an answer's ending included.
LONGEST_NAME: Final = 200
#: The longest that file systems allow.
LONGEST_FILE_NAME: Final = 255

#: Names that upload programs, browsers and editors give to files that are not complete, or not meant: hidden files,
#: `~name`, `name~`, `#name#`, and endings such as `.part`.
_is_unfinished = re.compile(
    r"[.~#].*|tmp[-_.].*|.*~|.*(?:[-_.](?:partial|te?mp)|\._?part)(?:[-_.]?\d+)?|.*\.(?:"
    r"filepart|incomplete|unfinished|unfinishedupload|~tmp|temporary|dtapart|fdmdownload|"
    r"upload|uploading|download|downloading|crdownload|opdownload|xfer|transfer|transferring|sending|receiving|"
    r"writing|write|saving|loading|copying|moving|sync|syncing|rsync|inprogress|in[-_]progress|progress|pending|"
    r"processing|working|wip|open|inuse|busy|wait|waiting|hold|notready|"
    r"aria2|![a-z]{2,4}|[bj]c!|goutputstream-\w+|lftp-pget-status|"
    r"lock|lck|locked|bak|backup|swp|swo|swx|\$\$\$"
    r")",
    re.IGNORECASE | re.DOTALL,
).fullmatch
#: Endings of empty files by which a sender says that the file beside is complete: `mars.xml.ok`, or `mars.ok`.
MARKS: Final = (
    ".ok", ".done", ".ready", ".rdy", ".fin", ".finish", ".finished", ".complete", ".completed", ".end", ".eof", ".eot",
    ".success", ".closed", ".uploaded", ".transferred", ".trg", ".trig", ".trigger", ".signal", ".go", ".flag", ".flg",
    ".sem", ".semaphore", ".ctl", ".ctrl", ".mrk", ".marker",
)  # fmt: skip


def is_name(name: str, longest: int = LONGEST_NAME) -> bool:
    """Whether a sender may use this file name: one name without invisible characters, short enough for an answer's
    ending."""
    return name not in {"", ".", ".."} and "/" not in name and name.isprintable() and len(name.encode()) <= longest


def is_temporary(name: str) -> bool:
    """Whether the name is one that programs give to files that are not complete."""
    return _is_unfinished(name) is not None


def is_mark(name: str) -> bool:
    """Whether the file only says that another one is complete."""
    return name.lower().endswith(MARKS)


def marks_of(name: str) -> Iterator[str]:
    """The names of the marks that may stand beside a file."""
    for base in dict.fromkeys((name, PurePosixPath(name).stem)):
        for ending in MARKS:
            yield from (f"{base}{ending}", f"{base}{ending.upper()}")


def is_late_mark(mark: str, names: Collection[str], answers: tuple[str, ...]) -> bool:
    """Whether the file that a mark belongs to was taken in before the mark came: of the *names* in the folder, those
    beside the mark are answers to it only. *answers* are the endings of answer files."""
    base = PurePosixPath(mark).stem
    beside = [each for each in names if (each == base or each.startswith(f"{base}.")) and not is_mark(each)]
    return bool(beside) and all(each.endswith(answers) for each in beside)
