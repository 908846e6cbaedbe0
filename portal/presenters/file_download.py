"""Download responses: bills as PDF, attachments, print manifests."""

from io import BytesIO
from pathlib import Path

from flask import Response, send_file

#: Characters that some file system gives a meaning of its own (Windows has the most).
_NOT_IN_NAMES = frozenset('/\\:*?"<>|')
#: File systems take 255 bytes a name, and proxies some 4 kB of a header, in which each byte of a name is three.
_MOST_BYTES = 200
_LONGEST_ENDING = 10


def download(content: bytes | Path, name: str, media_type: str) -> Response:
    """The response that saves *content* under *name* (RFC 6266: the name itself, and an ASCII form beside it).

    *name* may come from outside: it becomes a plain file name. The file holds personal data: no cache keeps it, and
    nothing in it runs in our origin.
    """
    file = content if isinstance(content, Path) else BytesIO(content)
    answer = send_file(file, media_type, as_attachment=True, download_name=file_name(name), max_age=0, etag=False)
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


def file_name(text: str) -> str:
    """A file name made of *text*: one line, no path, no dot or blank at its ends, not too long (its ending is kept);
    `document` if nothing is left."""
    kept = "".join(c if c.isprintable() and c not in _NOT_IN_NAMES else "-" for c in text).strip(". ")
    stem, dot, ending = kept.rpartition(".")
    if len(ending) > _LONGEST_ENDING:
        stem, dot, ending = kept, "", ""
    return (_cut(stem, _MOST_BYTES - len(f"{dot}{ending}".encode())) + dot + ending).strip(". ") or "document"


def _cut(text: str, most: int) -> str:
    """The text's beginning, of so many bytes in UTF-8 at most."""
    return text if len(text.encode()) <= most else text.encode()[:most].decode(errors="ignore").rstrip(". ")
