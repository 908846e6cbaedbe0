"""Download responses that may be broken off and gone on with (HTTP range requests, RFC 9110 section 14)."""

from datetime import datetime
from io import RawIOBase
from typing import IO, cast

from flask import Response, request
from werkzeug.wsgi import FileWrapper

from export.saved_files.file_name import file_name
from portal.presenters.file_download import keep_private

_PIECE = 1 << 16


def ranged_download(file: RawIOBase, size: int, name: str, media_type: str, tag: str, changed_at: datetime) -> Response:
    """The response that saves *file*, of *size* bytes, under *name* (in ASCII), or the part that is asked for. *tag*
    is another for every other content (If-Range). Who asks for several parts gets the whole, as the RFC lets us."""
    answer = Response(FileWrapper(cast("IO[bytes]", file), _PIECE), mimetype=media_type, direct_passthrough=True)
    answer.content_length = size
    answer.set_etag(tag)
    answer.last_modified = changed_at
    answer.headers.set("Content-Disposition", "attachment", filename=file_name(name))
    keep_private(answer)
    asked = dict(request.environ)
    if "," in asked.get("HTTP_RANGE", ""):
        del asked["HTTP_RANGE"]
    answer.make_conditional(asked, accept_ranges=True, complete_length=size)
    return answer
