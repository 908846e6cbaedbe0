"""Asks a sandbox worker: a program of ours that opens foreign PDFs in a process of its own, under limits."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

_LARGEST_ANSWER: Final = 50_000_000


class Died(Exception):  # noqa: N818 -- it is the worker that has died
    """The worker has ended, or does not speak our language any more."""


class TooSlow(Died):
    """The worker took longer than it may, and was ended."""


class Client:
    """One worker, started when it is first asked and again when one has died. Questions are JSON arrays, one a line; an
    answer is a letter (one of *kinds*), a length in eight bytes, and so many bytes."""

    def __init__(self, program: Path, kinds: bytes) -> None:
        self._program = program
        self._kinds = kinds
        self._worker: subprocess.Popen[bytes] | None = None

    def ask(self, question: tuple[Any, ...], seconds: float) -> tuple[bytes, bytes]:
        """The answer's letter and its bytes; Died or TooSlow, and then the worker is no more."""
        deadline = time.monotonic() + seconds
        try:
            return self._ask(question, deadline)
        except (OSError, Died) as error:
            self.close()
            if isinstance(error, Died):
                raise
            raise Died(str(error)) from error

    def close(self) -> None:
        """End the worker, whatever it is doing."""
        if self._worker is not None:
            with suppress(ProcessLookupError):  # its copies are of its group
                os.killpg(self._worker.pid, signal.SIGKILL)
            self._worker.communicate()
            self._worker = None

    def _ask(self, question: tuple[Any, ...], deadline: float) -> tuple[bytes, bytes]:
        if self._worker is None:
            self._worker = subprocess.Popen(  # noqa: S603 - our own program and no word of a sender
                [sys.executable, "-I", str(self._program)],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0, env={},
                process_group=0,
            )  # fmt: skip
        assert self._worker.stdin is not None
        self._worker.stdin.write(json.dumps(question).encode() + b"\n")
        head = self._receive(9, deadline)
        length = int.from_bytes(head[1:], "big")
        if head[0] not in self._kinds or length > _LARGEST_ANSWER:
            raise Died("the worker does not speak our language any more")
        return head[:1], self._receive(length, deadline)

    def _receive(self, length: int, deadline: float) -> bytes:
        assert self._worker is not None
        assert self._worker.stdout is not None
        answer, poll = bytearray(), select.poll()
        poll.register(self._worker.stdout, select.POLLIN)
        while len(answer) < length:
            if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
                raise TooSlow("the PDF takes too long")
            block = self._worker.stdout.read(length - len(answer))
            if not block:
                raise Died("the worker has died of this PDF")
            answer += block
        return bytes(answer)
