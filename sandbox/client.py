"""Starts a sandbox worker as a child process, sends it questions and reads its answers, with a time limit for each."""

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
#: Seconds to wait for the end of a worker that has closed its output.
_MOMENT: Final = 1.0


class Died(Exception):  # noqa: N818 -- it is the worker that has died
    """The worker has ended, or its answer does not follow the protocol."""


class TooSlow(Died):
    """The worker took longer than the time limit and was killed."""


class Killed(MemoryError):  # noqa: N818 -- it is the worker that was killed
    """The worker was ended by a SIGKILL that is not ours, as the kernel does when memory is short. The PDF need not be
    at fault."""


class Client:
    """One worker process, started at the first question and again after it died.

    A question is a JSON array on one line. An answer is one letter (one of *kinds*), a length in eight bytes
    (big-endian), and that many bytes.
    """

    def __init__(self, program: Path, kinds: bytes) -> None:
        self._program = program
        self._kinds = kinds
        self._worker: subprocess.Popen[bytes] | None = None

    def ask(self, question: tuple[Any, ...], seconds: float) -> tuple[bytes, bytes]:
        """Return the letter and the bytes of the answer to one question; *seconds* is its time limit.

        Raises Died, TooSlow or Killed, after which the worker is gone. Raises OSError when no worker can be started.
        """
        self._worker = self._worker or self._started()
        deadline = time.monotonic() + seconds
        try:
            return self._ask(question, deadline)
        except (OSError, Died) as error:
            if self._was_killed(error):
                self.close()
                raise Killed("the worker was killed") from error
            self.close()
            if isinstance(error, Died):
                raise
            raise Died(str(error)) from error

    def close(self) -> None:
        """Kill the worker, whatever it is doing."""
        if self._worker is not None:
            with suppress(ProcessLookupError):  # its copies are of its group
                os.killpg(self._worker.pid, signal.SIGKILL)
            self._worker.communicate()
            self._worker = None

    def _started(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own program and no word of a sender
            [sys.executable, "-I", str(self._program)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0, env={},
            process_group=0,
        )  # fmt: skip

    def _was_killed(self, error: Exception) -> bool:
        """Return whether the worker, or the forked copy that answered, was ended by a SIGKILL that is not ours."""
        assert self._worker is not None
        if isinstance(error, TooSlow):
            return False
        try:
            return self._worker.wait(_MOMENT) in {-signal.SIGKILL, signal.SIGKILL}
        except subprocess.TimeoutExpired:
            return False

    def _ask(self, question: tuple[Any, ...], deadline: float) -> tuple[bytes, bytes]:
        assert self._worker is not None
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
