"""The sandbox worker that turns pages of PDFs into pictures: `python -I page_picture_worker.py`, by `sandbox.client`.

A question on stdin is one line, `[path, page, widths]`: the page counts from 0, widths are in pixels. Each is answered
by a forked copy of this process, which has loaded PDFium and opened nothing. So no PDF leaves anything to the next, and
memory and CPU are bounded for each page. A PDF that kills its copy also ends this process; the next question starts
another.

The answer's letter is `p`, with the length of a JSON head in eight bytes, the head, and the pictures one after another
(WebP); or `b` for bytes that cannot be drawn, with the reason. The head is `{"pages": how many the PDF has, "pictures":
[[width, height, length], …]}`.
"""

import gc
import json
import os
import resource
import sys
from io import BytesIO
from typing import Any, Final, NoReturn

MOST_MEMORY: Final = 768 * 1024 * 1024
MOST_CPU_SECONDS: Final = 6
#: A page is at most so many times as high as wide: a longer one is drawn narrower.
MOST_HIGH: Final = 4
#: The least side of a page in points.
LEAST_SIDE: Final = 4
#: With more colours than this a page is a photograph, which is drawn with slight losses.
_MOST_COLOURS: Final = 20_000
_QUALITY: Final = 82


def main() -> None:
    """Set the limits, read questions from stdin, and fork a copy for each one."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import pypdfium2  # after the limits are set, and once for all copies
    from PIL import WebPImagePlugin  # noqa: F401 - the same

    pypdfium2.PdfDocument.new().close()
    gc.freeze()  # what is loaded stays shared with the copies
    for line in sys.stdin:
        copy = os.fork()
        if not copy:
            _reply(*json.loads(line))
        if status := os.waitpid(copy, 0)[1]:
            sys.exit(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 1)


def _reply(path: str, page: int, widths: list[int]) -> NoReturn:
    """Answer one question in a forked copy, then exit. The copy starts with zero CPU time."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS + 1))  # first SIGXCPU, not SIGKILL
    kind, content = answer(path, page, widths)
    sys.stdout.buffer.write(kind + len(content).to_bytes(8, "big") + content)
    sys.stdout.buffer.flush()
    os._exit(0)


def answer(path: str, page: int, widths: list[int]) -> tuple[bytes, bytes]:
    """Return the letter and the bytes of the answer for a page of the PDF at *path*."""
    import pypdfium2

    try:
        with pypdfium2.PdfDocument(path) as document:
            document.init_forms()  # what is filled in belongs to the page
            pages, drawn = len(document), [_drawn(document[page], width) for width in widths]
    except MemoryError:
        return b"b", b"its pages need too much memory"
    except Exception as error:  # noqa: BLE001 - whatever the library says of such bytes, they make no picture
        return b"b", f"{type(error).__name__}: {error}".replace(path, "")[:300].encode()
    head = json.dumps({"pages": pages, "pictures": [[*size, len(data)] for size, data in drawn]}).encode()
    return b"p", len(head).to_bytes(8, "big") + head + b"".join(data for _, data in drawn)


def _drawn(page: Any, width: int) -> tuple[tuple[int, int], bytes]:
    """Return size and bytes of a page's picture, *width* pixels wide or, if it is very high, less."""
    wide, high = page.get_size()
    if not (wide >= LEAST_SIDE and high >= LEAST_SIDE):
        raise ValueError("a page has no size")
    picture = page.render(scale=min(width / wide, MOST_HIGH * width / high)).to_pil().convert("RGB")
    out = BytesIO()
    if picture.getcolors(_MOST_COLOURS) is None:
        picture.save(out, "WEBP", quality=_QUALITY, method=2)
    else:
        picture.save(out, "WEBP", lossless=True, quality=40, method=2)
    return picture.size, out.getvalue()


if __name__ == "__main__":
    main()
