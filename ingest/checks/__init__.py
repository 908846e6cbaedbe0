"""The rules of EN 16931 on the noun. Which of them are fatal is the profile's `acceptance`:

* *usable*: our own limits, and that the money adds up (BR-CO-15, BR-CO-16). Other broken rules are warnings;
* *en16931*: what the official validation calls fatal is fatal, under its official id.

What must be there for a bill to exist at all (BR-02, BR-03, BR-05, BR-15) is settled where it is made, and what only
a syntax can break beside that syntax (`ingest/ubl/syntax_rules.py`, `ingest/cii/syntax_rules.py`). A correct bill costs
one pass over its lines; nothing is spelled out unless it is broken.
"""

from collections.abc import Iterable

from bill import Bill, Finding, fatal, warning
from ingest.checks.allowance_rules import allowances
from ingest.checks.amount_due_rules import payable
from ingest.checks.broken_rule import BrokenRule
from ingest.checks.computed_sums import Sums
from ingest.checks.document_rules import terms
from ingest.checks.line_rules import lines
from ingest.checks.party_rules import parties
from ingest.checks.size_limits import MOST_LINES, limits
from ingest.checks.syntax_binding import BINDINGS, UBL
from ingest.checks.total_rules import amounts
from ingest.checks.vat_breakdown_rules import vat
from issuers.profile import Profile


def check(bill: Bill, profile: Profile, syntax: str = "", said: Iterable[Finding] = ()) -> list[Finding]:
    """What is wrong with this bill, the gravest first.

    *syntax* is what the bill was written in (`UBL`, `CII`; any other is asked as UBL is); a rule that was *said* when
    it was read is not said again.
    """
    strict = profile.acceptance == "en16931"
    binding = BINDINGS.get(syntax, UBL)
    known = {finding.rule for finding in said}
    grave: list[BrokenRule] = []
    limits(bill, profile.legal_ids, grave)
    if len(bill.lines) > MOST_LINES:
        return [broken.told(fatal) for broken in grave]
    payable(bill, binding, strict, grave, "BR-05" not in known)
    official: list[BrokenRule] = []
    sums = Sums()
    parties(bill, binding, official)
    terms(bill, binding, official)
    lines(bill, strict, sums, official)
    if bill.allowances_charges:
        allowances(bill, sums, official)
    amounts(bill, binding, strict, sums, official)
    vat(bill, binding, strict, sums, official)
    if not grave and not official:
        return []
    if binding is UBL and syntax and any(broken.rule.startswith("BR-DEC-") for broken in official):
        official.append(BrokenRule("UBL-DT-01", "an amount has two decimals at most", ""))
    say = fatal if strict else warning
    return [broken.told(fatal) for broken in grave if broken.rule not in known] + [
        broken.told(say) for broken in official if broken.rule not in known
    ]


__all__ = ["check"]
