"""Tell an outage (full disk, unreachable bucket, database or relay) from a fault of the work itself.

Work that met an outage is given back and retried later, and the attempt does not count.
"""

import errno
import sqlite3
import sys
from collections.abc import Iterator
from typing import Final

from sqlalchemy import exc

#: SQLite's code for a wrong statement: our fault, although it comes as OperationalError.
_SQLITE_ERROR: Final = 1
#: Its codes for a damaged file, or one that is no database; they come as DatabaseError.
_SQLITE_DAMAGED: Final = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
#: PostgreSQL's error class for exceeded program limits: the data is too large, a retry does not help.
_LIMIT_EXCEEDED: Final = "54"


#: System error numbers of requests that are wrong themselves, such as a negative file offset: bad input leads to these,
#: and a retry does not help.
_WRONG_REQUEST: Final = frozenset(
    {
        errno.E2BIG, errno.EBADF, errno.EDOM, errno.EFAULT, errno.EILSEQ, errno.EINVAL, errno.EISDIR,
        errno.ENAMETOOLONG, errno.ENOEXEC, errno.ENOSYS, errno.EOVERFLOW, errno.ERANGE, errno.ESPIPE,
    }
)  # fmt: skip
#: A lack of memory counts as an outage this often in a row (some minutes); after that the work itself needs too much.
MOST_MEMORY_OUTAGES: Final = 6


class Unavailable(Exception):  # noqa: N818 -- it is the outside that is unavailable
    """Something outside does not answer, or has no room."""


def is_outage(error: BaseException, setbacks: int = 0) -> bool:
    """Whether this error means an outage, not a fault of the work. *setbacks*: how often in a row the work met an
    outage before."""
    if isinstance(error, exc.DBAPIError):
        return error.connection_invalidated or _is_of_driver(error.orig)
    if isinstance(error, MemoryError):
        return setbacks < MOST_MEMORY_OUTAGES
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno not in _WRONG_REQUEST  # of files and connections
    ours = isinstance(error, Unavailable | ConnectionError | TimeoutError | exc.TimeoutError | exc.DisconnectionError)
    return ours or _is_of_driver(error) or _is_of_s3(error)


def _is_of_driver(error: BaseException | None) -> bool:
    """The database is gone, locked or full, or wants the transaction again (a deadlock)."""
    if isinstance(error, sqlite3.DatabaseError):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        return code in _SQLITE_DAMAGED or (isinstance(error, sqlite3.OperationalError) and code != _SQLITE_ERROR)
    psycopg = sys.modules.get("psycopg")
    if psycopg is None or not isinstance(error, psycopg.Error):
        return False
    is_down = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError | psycopg.InternalError)
    return is_down and not (error.sqlstate or "").startswith(_LIMIT_EXCEEDED)


def _is_of_s3(error: BaseException) -> bool:
    """An error of boto3 or its libraries about the bucket or the network, except for calls that are wrong
    themselves."""
    return isinstance(error, tuple(_of_s3())) and not isinstance(error, tuple(_wrong_calls()))


def _of_s3() -> Iterator[type[Exception]]:
    """Error classes of libraries that are imported only where a bucket is used."""
    for name in ("boto3.exceptions.Boto3Error", "botocore.exceptions.BotoCoreError", "botocore.exceptions.ClientError",
                 "s3transfer.exceptions.RetriesExceededError", "urllib3.exceptions.HTTPError"):  # fmt: skip
        yield from _loaded(name)


def _wrong_calls() -> Iterator[type[Exception]]:
    for name in ("ParamValidationError", "MissingParametersError", "UnknownParameterError", "ValidationError"):
        yield from _loaded(f"botocore.exceptions.{name}")


def _loaded(name: str) -> Iterator[type[Exception]]:
    module, _, of = name.rpartition(".")
    if (loaded := sys.modules.get(module)) is not None:
        yield getattr(loaded, of)
