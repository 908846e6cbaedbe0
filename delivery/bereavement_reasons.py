"""Why letters go, or do not, after a named person's decision about an account whose customer has died."""

from typing import Final

from bill import Reason
from store.accounts.bereavement_decision import BereavementDecision

#: The code of the reason of letters that a named person keeps held.
KEPT: Final = "kept_after_death"


def kept_after_death(decision: BereavementDecision) -> Reason:
    """The reason of a letter that this person keeps held."""
    return Reason.of("kept_after_death", words=decision.reason)
