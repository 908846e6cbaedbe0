"""Answers questions about PDFs, read from stdin, within limits on memory and CPU time.

A question is a JSON array on one line: the verb, the path of the file, and more. An answer on stdout is one letter
(`x` with the result, else a refusal: `n` no invoice, `e` encrypted, `a` active, `b` broken), the length in eight bytes
(big-endian), and the result. A hostile PDF may loop or unpack to gigabytes; then this process dies, and the feed goes
on.
"""

import json
import resource
import signal
import sys
import time
from collections.abc import Callable
from typing import Any, Final

from sandbox.intake.cpu_time_limit import raise_enough
from sandbox.intake.page_text import text
from sandbox.intake.pdf_inspection import look
from sandbox.intake.print_stream import cut, outline, page
from sandbox.intake.refusal import Refused
from sandbox.intake.xml_invoice import invoices

MOST_MEMORY: Final = 512 * 1024 * 1024
MOST_CPU_SECONDS: Final = 5
#: The clock that Linux holds RLIMIT_CPU against (CPUCLOCK_PROF of this process). It counts ticks and runs ahead of what
#: getrusage says by some hundredths, which are seconds after a feed's first hundred PDFs.
TICKS: Final = ~0 << 3

VERBS: Final[dict[str, Callable[..., bytes]]] = {
    "invoices": invoices, "look": look, "outline": outline, "page": page, "cut": cut, "text": text,
}  # fmt: skip


def main() -> None:
    """Set the limits, then answer each line of stdin until it ends."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, raise_enough)
    for line in sys.stdin:
        allowed = int(time.clock_gettime(TICKS)) + MOST_CPU_SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.getrlimit(resource.RLIMIT_CPU)[1]))
        kind, content = answer(*json.loads(line))
        sys.stdout.buffer.write(kind + len(content).to_bytes(8, "big") + content)
        sys.stdout.buffer.flush()


def answer(asked: str, path: str, *more: Any) -> tuple[bytes, bytes]:
    """Return the letter and the result of one question."""
    import pikepdf  # after the limits are set, so that they hold for all it does

    verb = VERBS[asked]
    try:
        return b"x", verb(path, *more)
    except Refused as refused:
        return str(refused).encode(), b""
    except pikepdf.PasswordError:
        return b"e", b""
    except (pikepdf.PdfError, MemoryError, RecursionError, LookupError, ValueError, TypeError, AttributeError, OSError):
        return b"b", b""
