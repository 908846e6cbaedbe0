"""Asks the database for one trivial answer, to know that it is up."""

from sqlalchemy import select
from sqlalchemy.orm import Session


def ping_database(session: Session) -> None:
    """One round trip to the database. Raises the driver's error when it does not answer."""
    session.execute(select(1))
