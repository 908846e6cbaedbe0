"""Limits the CPU time that one issuer's own PDFs may take in a print batch, so that hostile PDFs delay nobody else's
letters."""

from collections import Counter
from typing import Final

from bill import Reason
from delivery.channels.paper.letter_data import Unprintable

#: Costly PDFs allowed to an issuer in one batch; its further letters fail unopened.
MOST_COSTLY: Final = 5
#: A PDF is costly that takes more CPU seconds than this, or ends the sandbox worker; most take a hundredth.
COSTLY_SECONDS: Final = 2.0


class PdfTimeBudgetExceeded(Unprintable):
    """This PDF was not opened: others of the issuer took too long."""


class PdfTimeBudget:
    """Counts each issuer's costly PDFs in one batch."""

    def __init__(self) -> None:
        self._costly: Counter[int] = Counter()

    def check(self, issuer_id: int) -> None:
        """Raise PdfTimeBudgetExceeded when no more of this issuer's own PDFs may be opened for this batch."""
        if self._costly[issuer_id] >= MOST_COSTLY:
            reason = Reason.of("issuer_pdfs_slow", pdfs=MOST_COSTLY)
            raise PdfTimeBudgetExceeded("other PDFs of this issuer took too long", reason=reason)

    def record(self, issuer_id: int, seconds: float) -> None:
        """Record the CPU seconds that one of the issuer's PDFs took, readable or not."""
        self._costly[issuer_id] += seconds > COSTLY_SECONDS
