"""The test side of an issuer, which a key that begins with `fct_test_` opens: emptied between two trials."""

from facteur.client.api_types import ResetReport
from facteur.client.connection import VERSION, Connection


class TestSide:
    """`/test`. All else of a test side is called as in production, with its own key."""

    __test__ = False  # no test of pytest's

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def reset(self) -> ResetReport:
        """Have everything on the test side deleted."""
        return self._connection.ask(ResetReport, "POST", f"{VERSION}/test/reset")

    def reset_report(self) -> ResetReport:
        """Returns how far the last reset is."""
        return self._connection.ask(ResetReport, "GET", f"{VERSION}/test/reset")
