"""Names of files that people save, made of text that came from outside."""

from typing import Final

#: Characters that some file system gives a meaning of its own (Windows has the most).
_NOT_IN_NAMES: Final = frozenset('/\\:*?"<>|')
#: File systems take 255 bytes a name, and proxies some 4 kB of a header, in which each byte of a name is three.
MOST_BYTES: Final = 200
_LONGEST_ENDING: Final = 10
#: Names of devices: Windows opens no file that is called so, whatever its ending.
_PORTS: Final = {f"{port}{n}" for port in ("com", "lpt") for n in "123456789¹²³"}
_DEVICES: Final = {"con", "conin$", "conout$", "prn", "aux", "nul"} | _PORTS


def file_name(text: str, most: int = MOST_BYTES) -> str:
    """A file name made of *text*: one line, no path, no dot or blank at its ends, of *most* bytes in UTF-8 (its ending
    is kept); `document` if nothing is left. A device of Windows gets a line before its name."""
    kept = "".join(c if c.isprintable() and c not in _NOT_IN_NAMES else "-" for c in text).strip(". ")
    if kept.partition(".")[0].rstrip().casefold() in _DEVICES:
        kept = f"_{kept}"
    stem, dot, ending = kept.rpartition(".")
    if len(ending) > _LONGEST_ENDING:
        stem, dot, ending = kept, "", ""
    return (_cut(stem, most - len(f"{dot}{ending}".encode())) + dot + ending).strip(". ") or "document"


def _cut(text: str, most: int) -> str:
    """The text's beginning, of so many bytes in UTF-8 at most."""
    return text if len(text.encode()) <= most else text.encode()[:most].decode(errors="ignore").rstrip(". ")
