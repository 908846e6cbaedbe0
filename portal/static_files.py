"""Our style sheets, scripts, fonts and pictures: read and compressed once a process, each under an address that changes
with its content (`/static/facteur.css?v=…`), so that browsers keep it for a year and ask no more.

Pages are never compressed: they hold secrets beside what the address says (BREACH; decision 0072).
"""

import gzip
import hashlib
import re
from functools import cache
from mimetypes import guess_type
from pathlib import Path
from typing import Any, Final, NamedTuple

from flask import Flask, Response, abort, request
from flask.typing import ResponseReturnValue

from portal import app_context

FOLDER: Final = app_context.FOLDER / "static"
#: For an address that bears the version of its content.
FOR_EVER: Final = "public, max-age=31536000, immutable"
#: For any other: kept, and asked for again each time; the answer is 304 while nothing has changed.
ASK_AGAIN: Final = "public, no-cache"
_TYPES: Final = {".woff2": "font/woff2", ".js": "text/javascript"}
#: What a style sheet names: `url("fonts/facteur-text-regular.woff2")`.
_NAMED: Final = re.compile(r'url\("([\w./-]+)"\)')
#: A font is compressed already; so little else would be won of a small picture.
_WORTH_IT: Final = 0.9


class StaticFile(NamedTuple):
    """A file as it is sent. *version* is a digest of its content; *gzipped* is None where compressing wins nothing."""

    content: bytes
    gzipped: bytes | None
    mimetype: str
    version: str


def install(app: Flask) -> None:
    """Serve the files at `/static/…` (endpoint `static`, in place of Flask's), and write their versions into their
    addresses."""
    app.add_url_rule("/static/<path:filename>", "static", show, methods=["GET"])
    app.url_defaults(_add_version)


def show(filename: str) -> ResponseReturnValue:
    """Returns the file, gzipped for whoever takes that; by ranges, and 304 to who has it."""
    file = static_files().get(filename) or abort(404)
    is_gzipped = file.gzipped is not None and request.accept_encodings["gzip"] > 0
    content = file.gzipped if is_gzipped and file.gzipped is not None else file.content
    answer = Response(content, mimetype=file.mimetype)
    answer.set_etag(f"{file.version}-gzip" if is_gzipped else file.version)
    answer.headers["Cache-Control"] = FOR_EVER if request.args.get("v") == file.version else ASK_AGAIN
    if file.gzipped is not None:
        answer.vary.add("Accept-Encoding")
    if is_gzipped:
        answer.content_encoding = "gzip"
    return answer.make_conditional(request, accept_ranges=True, complete_length=len(content))


@cache
def static_files() -> dict[str, StaticFile]:
    """Returns all files by name; a style sheet names others with their versions."""
    paths = sorted((path for path in FOLDER.rglob("*") if path.is_file()), key=lambda path: path.suffix == ".css")
    found: dict[str, StaticFile] = {}
    for path in paths:
        content = path.read_bytes()
        if path.suffix == ".css":
            content = _NAMED.sub(lambda name: f'url("{name[1]}?v={found[name[1]].version}")', content.decode()).encode()
        found[path.relative_to(FOLDER).as_posix()] = _file(path, content)
    return found


def _file(path: Path, content: bytes) -> StaticFile:
    gzipped = gzip.compress(content, 9, mtime=0)
    return StaticFile(
        content,
        gzipped if len(gzipped) < _WORTH_IT * len(content) else None,
        _TYPES.get(path.suffix) or guess_type(path.name)[0] or "application/octet-stream",
        hashlib.sha256(content).hexdigest()[:12],
    )


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and (file := static_files().get(values.get("filename", ""))):
        values.setdefault("v", file.version)
