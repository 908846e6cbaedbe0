"""The rules of a bill, on the noun. Which of them are fatal is the profile's `acceptance`:

* *usable*: our own limits, and that the money adds up (BR-CO-15, BR-CO-16). Other broken rules are warnings;
* *en16931*: the rules of EN 16931-1 that are checked here are fatal.

What must be there for a bill to exist at all (BR-02, BR-03, BR-05, BR-15) is settled where it is made.
"""

from bill import Bill, Finding, fatal, warning
from ingest.checks.amounts import amounts
from ingest.checks.broken import Broken
from ingest.checks.codes import codes
from ingest.checks.limits import limits
from ingest.checks.lines import lines
from ingest.checks.parties import parties
from ingest.checks.payable import payable
from ingest.checks.vat import vat
from issuers.profile import Profile


def check(bill: Bill, profile: Profile) -> list[Finding]:
    """What is wrong with this bill, the gravest first."""
    strict = profile.acceptance == "en16931"
    grave: list[Broken] = []
    limits(bill, profile.legal_ids, grave)
    payable(bill, strict, grave)
    official: list[Broken] = []
    parties(bill, official)
    lines(bill, official)
    amounts(bill, official)
    vat(bill, official)
    codes(bill, official)
    if not grave and not official:
        return []
    say = fatal if strict else warning
    return [fatal(*broken) for broken in grave] + [say(*broken) for broken in official]


__all__ = ["check"]
