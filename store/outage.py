"""Outages: something outside of us is down (a disk that is full, a bucket, the database, a relay). Nobody is to blame:
the work goes back and is tried again later."""

import sqlite3
import sys
from collections.abc import Iterator
from typing import Final

from sqlalchemy import exc

#: SQLite's code for a statement that is wrong: ours, whatever the class of the error says.
_SQLITE_ERROR: Final = 1
#: PostgreSQL's class for a limit of the program: what was written is too large, today and tomorrow.
_LIMIT_EXCEEDED: Final = "54"


class Unavailable(Exception):  # noqa: N818 -- it is the outside that is unavailable
    """Something outside does not answer, or has no room."""


def is_outage(error: BaseException) -> bool:
    """Whether this error says that something outside is down, and nothing about what was being worked on."""
    if isinstance(error, exc.DBAPIError):
        return error.connection_invalidated or _is_of_driver(error.orig)
    if isinstance(error, OSError) and error.errno is not None:
        return True  # files bear names of ours: what the system says of them never speaks of what is in them
    ours = isinstance(error, Unavailable | ConnectionError | TimeoutError | exc.TimeoutError | exc.DisconnectionError)
    return ours or _is_of_driver(error) or isinstance(error, tuple(_of_s3()))


def _is_of_driver(error: BaseException | None) -> bool:
    """A database that is gone, locked, full, or wants the transaction again (a deadlock)."""
    if isinstance(error, sqlite3.DatabaseError):
        code = getattr(error, "sqlite_errorcode", None)
        is_wrong = code is not None and code & 0xFF == _SQLITE_ERROR
        return isinstance(error, sqlite3.OperationalError) and not is_wrong
    psycopg = sys.modules.get("psycopg")
    if psycopg is None or not isinstance(error, psycopg.Error):
        return False
    is_down = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError | psycopg.InternalError)
    return is_down and not (error.sqlstate or "").startswith(_LIMIT_EXCEEDED)


def _of_s3() -> Iterator[type[Exception]]:
    """What boto3 raises; it is there only where a bucket is used."""
    if (boto3 := sys.modules.get("boto3.exceptions")) is not None:
        yield boto3.Boto3Error
    if (botocore := sys.modules.get("botocore.exceptions")) is not None:
        yield from (botocore.BotoCoreError, botocore.ClientError)
