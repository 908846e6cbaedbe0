"""The versioned wording of the yearly question whether bills without paper still suit."""

from typing import Final

from consumers.paperless_consent import Wording
from words.catalogue import N_

#: C. conso. L224-12: checks each year that the medium suits, and tells of the right to free paper.
SUITABILITY: Final = Wording(
    version="suitability-1",
    text=N_(
        "Vous recevez sans papier les factures de ce contrat. Ce support vous convient-il toujours, et pouvez-vous les "
        "lire ? Vous pouvez revenir au papier à tout moment, gratuitement."
    ),
)
