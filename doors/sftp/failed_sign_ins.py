"""Failed sign-ins at the SFTP server: each is answered late, and the later the more there were.

They are counted by client and by the name that was tried, whether an issuer has it or not, in this process: guessing
is no way in (keys, and passwords of 192 random bits), so what is saved is work and the log. A right key or password is
never kept waiting, whoever guesses beside it.
"""

from typing import Final

#: Seconds until a failed try is answered: a wrong password, and a key that is not known. Programs offer each key that
#: they have, so a wrong one is no offence.
PASSWORD_SECONDS: Final = 1.0
KEY_SECONDS: Final = 0.2
#: Failed passwords that are answered without more delay; each further one adds a second, up to so many.
FREE_TRIES: Final = 5
MOST_SECONDS: Final = 20.0
#: Seconds in which one failed try is forgotten.
FORGOTTEN_IN: Final = 60.0
#: Clients and names that are counted at a time; beyond, the one that was idle longest is forgotten.
MOST_COUNTED: Final = 10_000


class FailedSignIns:
    """Counts by client and by name. Moments are seconds of a clock that never goes back (`time.monotonic`)."""

    def __init__(self) -> None:
        self._until: dict[str, float] = {}  # when all tries of this one are forgotten; the one tried last is last

    def fail(self, client: str, name: str, at: float) -> float:
        """Count a wrong password; returns the seconds until it is to be answered."""
        tries = max(self._count(f"client {client}", at), self._count(f"name {name[:100]}", at))
        return min(PASSWORD_SECONDS + max(0.0, tries - FREE_TRIES), MOST_SECONDS)

    def _count(self, key: str, at: float) -> float:
        """Returns how many tries are not forgotten, this one with them."""
        most = at + FORGOTTEN_IN * (FREE_TRIES + MOST_SECONDS)
        until = min(max(self._until.pop(key, at), at) + FORGOTTEN_IN, most)
        self._until[key] = until
        if len(self._until) > MOST_COUNTED:
            del self._until[next(iter(self._until))]
        return (until - at) / FORGOTTEN_IN
