"""Checks a bill against the rules of EN 16931 and our own limits. The profile's `acceptance` decides which broken rules
are fatal:

* *usable*: our own limits, and sums that do not add up (BR-CO-15, BR-CO-16). Other broken rules are warnings;
* *en16931*: every rule that is fatal in the official validation is fatal, under its official id.

Terms without which no bill exists (BR-02, BR-03, BR-05, BR-15) are checked in `ingest/bill_builder.py`. Under *en16931*
an XML document is asked the official rules itself (`ingest/ubl/official_rules`, `ingest/cii/official_rules`), and these
checks lend its verdict their words (`official_verdict.py`). A correct bill costs one pass over its lines; sentences are
made only for broken rules.
"""

from collections.abc import Iterable

from bill import Bill, Finding, fatal, warning
from ingest.checks.allowance_rules import check_allowances
from ingest.checks.amount_due_rules import check_amount_due
from ingest.checks.broken_rule import BrokenRule
from ingest.checks.computed_sums import Sums
from ingest.checks.document_rules import check_document
from ingest.checks.line_rules import check_lines
from ingest.checks.party_rules import check_parties
from ingest.checks.size_limits import MOST_LINES, check_limits, said_of_length
from ingest.checks.total_rules import check_totals
from ingest.checks.ubl_cii_differences import BINDINGS, UBL
from ingest.checks.vat_breakdown_rules import check_vat_breakdown
from issuers.profile import Profile


def check(
    bill: Bill,
    profile: Profile,
    syntax: str = "",
    said: Iterable[Finding] = (),
    verdict: list[Finding] | None = None,
) -> list[Finding]:
    """Return the findings about this bill, fatal ones first.

    *syntax* is the syntax the bill was written in (`UBL`, `CII`; any other is checked as UBL). Rules among the findings
    *said* by the reader are not repeated. Where the *verdict* on the document has no broken rule, only our own limits
    are left to check.
    """
    strict = profile.acceptance == "en16931"
    binding = BINDINGS.get(syntax, UBL)
    known = {finding.rule for finding in said}
    grave: list[BrokenRule] = []
    check_limits(bill, profile.legal_ids, grave)
    if len(bill.lines) > MOST_LINES or verdict == []:
        return [broken.as_finding(fatal) for broken in grave]
    check_amount_due(bill, binding, strict, grave, "BR-05" not in known)
    official: list[BrokenRule] = []
    sums = Sums()
    check_parties(bill, binding, official)
    check_document(bill, binding, official)
    check_lines(bill, strict, sums, official)
    if bill.allowances_charges:
        check_allowances(bill, sums, official)
    check_totals(bill, binding, strict, sums, official)
    check_vat_breakdown(bill, binding, strict, sums, official)
    length = said_of_length(bill)
    if not grave and not official:
        return length
    say = fatal if strict else warning
    return (
        [broken.as_finding(fatal) for broken in grave if broken.rule not in known]
        + [broken.as_finding(say) for broken in official if broken.rule not in known]
        + length
    )


__all__ = ["check"]
