"""Who of an issuer's customers does without paper, and what that takes and saves."""

import datetime as dt

from facteur.client.api_types import AdoptionReport
from facteur.client.connection import VERSION, Connection


class Adoption:
    """`/adoption`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def measures(
        self, first: dt.date | None = None, last: dt.date | None = None, *, measure: str | None = None
    ) -> AdoptionReport:
        """Returns every measure, or this one, from the first to the last day: else of thirty days up to yesterday."""
        query = {"from": first, "to": last, "measure": measure}
        return self._connection.ask(AdoptionReport, "GET", f"{VERSION}/adoption", query=query)
