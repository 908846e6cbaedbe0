"""Merges the findings of a bill's own checks with the verdict of the official rules on its XML document.

The official rules see what the bill does not hold: an empty element, a tax that is not VAT, a second total. So under a
profile that asks for all rules, the verdict on the document decides which rules are broken; the sentences are those of
our checks where they have one, since these have amounts in them.
"""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from bill import Finding

#: Rules of EN 16931 by their official ids.
_is_official: Final = re.compile(r"(?:BR|UBL|CII)-(?:[A-Z]+-)?[0-9]+").fullmatch


def with_verdict(findings: Sequence[Finding], verdict: Sequence[Finding], is_read: bool) -> list[Finding]:
    """Return one finding or more for each rule of the *verdict*, and those of *findings* that are no official rule's,
    fatal ones first.

    Where the reader could make no bill (*is_read* is False) and nothing of this is fatal, the reader's own fatal
    findings are added.
    """
    severities = {finding.rule: finding.severity for finding in verdict}
    kept = [
        msgspec.structs.replace(finding, severity=severities.get(finding.rule, finding.severity))
        for finding in findings
        if finding.rule in severities or not _is_official(finding.rule)
    ]
    said = {finding.rule for finding in kept}
    kept += [finding for finding in verdict if finding.rule not in said]
    if not is_read and not any(finding.severity == "fatal" for finding in kept):
        kept += [finding for finding in findings if finding.severity == "fatal"]
    return sorted(kept, key=lambda finding: finding.severity != "fatal")
