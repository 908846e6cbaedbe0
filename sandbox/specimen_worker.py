"""The sandbox worker that marks an issuer's own pages as a specimen: `python -I specimen_worker.py`, by
`sandbox.client`.

A question on stdin is one line, `[path, word, sentence]`: the word lies across each page, the sentence above it. Each
PDF is opened in a forked copy of this process, as in `print_worker.py`, within limits. The answer's letter is `p` with
the marked PDF, or `b` for bytes that cannot be marked, with the reason.
"""

import gc
import json
import math
import os
import resource
import sys
from io import BytesIO
from typing import Any, Final, NoReturn

MOST_MEMORY: Final = 768 * 1024 * 1024
MOST_CPU_SECONDS: Final = 20
#: The most bytes of a marked PDF.
MOST_BYTES: Final = 45_000_000
#: How wide a letter of the word is, in its size (Helvetica-Bold, capitals), and how much of a page's side it fills.
_LETTER: Final = 0.67
_FILLED: Final = 0.9
_RED: Final = ".66 .10 .08"


def main() -> None:
    """Set the limits, read questions from stdin, and fork a copy for each one."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    import pikepdf  # noqa: F401 - after the limits are set, and once for all copies

    gc.freeze()  # what is loaded stays shared with the copies
    for line in sys.stdin:
        copy = os.fork()
        if not copy:
            _reply(*json.loads(line))
        if status := os.waitpid(copy, 0)[1]:
            sys.exit(os.WTERMSIG(status) if os.WIFSIGNALED(status) else 1)


def _reply(path: str, word: str, sentence: str) -> NoReturn:
    """Answer one question in a forked copy, then exit. The copy starts with zero CPU time."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS + 1))  # first SIGXCPU, not SIGKILL
    kind, content = answer(path, word, sentence)
    sys.stdout.buffer.write(kind + len(content).to_bytes(8, "big") + content)
    sys.stdout.buffer.flush()
    os._exit(0)


def answer(path: str, word: str, sentence: str) -> tuple[bytes, bytes]:
    """Return the letter and the bytes of the answer for the PDF at *path*."""
    import pikepdf

    out = BytesIO()
    try:
        with pikepdf.open(path) as document:
            font = document.make_indirect(
                pikepdf.Dictionary(
                    Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name("/Helvetica-Bold"),
                    Encoding=pikepdf.Name.WinAnsiEncoding,
                )
            )  # fmt: skip
            for page in document.pages:
                _mark(document, page, font, word, sentence)
            document.save(out, deterministic_id=True)
    except MemoryError:
        return b"b", b"its pages need too much memory"
    except Exception as error:  # noqa: BLE001 - whatever the library says of such bytes, they cannot be marked
        return b"b", f"{type(error).__name__}: {error}".replace(path, "")[:300].encode()
    if out.tell() > MOST_BYTES:
        return b"b", f"marked it has more than {MOST_BYTES} bytes".encode()
    return b"p", out.getvalue()


def _mark(document: Any, page: Any, font: Any, word: str, sentence: str) -> None:
    """Write over one page: the word in outline from corner to corner, so that what lies beneath is read, and the
    sentence along the top."""
    from pikepdf import Name

    left, low, right, high = (float(each) for each in page.cropbox)
    width, height = right - left, high - low
    size = _FILLED * math.hypot(width, height) / (_LETTER * len(word) + 1)
    turn = math.atan2(height, width)
    along, across = math.cos(turn), math.sin(turn)
    half, rise = _LETTER * size * len(word) / 2, size * 0.36  # half of a capital's height lies below the middle
    x = left + width / 2 - half * along + rise * across
    y = low + height / 2 - half * across - rise * along
    small = min(10.0, width / 45)
    resource_name = page.add_resource(font, Name.Font, Name("/FacteurSpecimen"))
    drawn = (
        f"Q q BT {resource_name} {size:.2f} Tf {_RED} RG 1 Tr {size / 60:.2f} w "
        f"{along:.5f} {across:.5f} {-across:.5f} {along:.5f} {x:.2f} {y:.2f} Tm <{_hex(word)}> Tj ET Q "
        f"q BT {resource_name} {small:.2f} Tf {_RED} rg 0 Tr "
        f"1 0 0 1 {left + small * 2:.2f} {high - small * 1.6:.2f} Tm <{_hex(sentence)}> Tj ET Q"
    )
    page.contents_add(document.make_stream(b"q"), prepend=True)
    page.contents_add(document.make_stream(drawn.encode("ascii")))


def _hex(text: str) -> str:
    return text.encode("cp1252", "replace").hex()


if __name__ == "__main__":
    main()
