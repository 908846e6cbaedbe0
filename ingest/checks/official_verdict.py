"""Puts the official verdict on an XML document in the place of what the checks of the bill say under the same rules.

The bill cannot show everything that the official rules see: an element without words, a tax that is not VAT, a second
total. So under a profile that asks for all rules the document itself is asked them; the checks of the bill lend their
words, which have amounts in them.
"""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from bill import Finding

#: Rules of EN 16931 by their official ids.
_is_official: Final = re.compile(r"(?:BR|UBL|CII)-(?:[A-Z]+-)?[0-9]+").fullmatch


def with_verdict(findings: Sequence[Finding], verdict: Sequence[Finding], is_read: bool) -> list[Finding]:
    """Return our own findings, and for each rule of the *verdict* what was said under it, fatal ones first.

    Where the reader could make no bill (*is_read* is False) and the verdict knows nothing fatal, the reader's own
    refusal stays.
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
