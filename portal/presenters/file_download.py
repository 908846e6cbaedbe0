"""Download responses: bills as PDF, attachments, print manifests."""

from io import BytesIO
from pathlib import Path

from flask import Response, send_file

from export.saved_files.file_name import file_name


def download(content: bytes | Path, name: str, media_type: str) -> Response:
    """The response that saves *content* under *name* (RFC 6266: the name itself, and an ASCII form beside it).

    *name* may come from outside: it becomes a plain file name. The file holds personal data: no cache keeps it, and
    nothing in it runs in our origin.
    """
    file = content if isinstance(content, Path) else BytesIO(content)
    answer = send_file(file, media_type, as_attachment=True, download_name=file_name(name), max_age=0, etag=False)
    keep_private(answer)
    return answer


def keep_private(answer: Response) -> None:
    """Keep a saved file out of every cache, and what is in it out of our origin."""
    answer.headers["Cache-Control"] = "no-store"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
