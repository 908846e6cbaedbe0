"""Differences between the two syntax bindings of EN 16931 (part 3-2 for UBL, part 3-3 for CII) in how they check the
same terms.

The official validation is written per syntax, and its two halves disagree in places. For other formats the standard's
text decides, and UBL's half follows it most closely.
"""

from typing import Final, NamedTuple


class Binding(NamedTuple):
    """How one syntax checks. The sets hold VAT categories or codes."""

    name: str
    #: VAT categories whose taxable amount may be off by less than one from its lines (BR-*-08).
    slack: frozenset[str]
    #: VAT categories whose rows have no test of their sum, or of their tax (BR-AF-08, BR-AG-09, …).
    unsummed: frozenset[str]
    untaxed: frozenset[str]
    #: VAT categories whose lines must have a rate above zero (BR-*-05 to -07).
    positive: frozenset[str]
    #: UNTDID 2005 or 2475 codes for the day the tax is due (BR-CL-06).
    tax_point_codes: frozenset[str]
    #: The rule that a wrong category in the VAT breakdown breaks.
    breakdown_category: str
    #: Whether there must be a VAT total in the bill's own currency (BR-CO-15).
    asks_vat_total: bool
    #: Whether an absent address also lacks its country (BR-09, BR-11, BR-20).
    asks_country_anyhow: bool
    #: Whether a VAT breakdown, in the category S and the like, needs lines of the category (BR-S-01, …).
    asks_lines: bool


UBL: Final = Binding(
    name="UBL", slack=frozenset("SLM"), unsummed=frozenset("B"), untaxed=frozenset("B"), positive=frozenset("S"),
    tax_point_codes=frozenset({"3", "35", "432"}), breakdown_category="BR-CL-17",
    asks_vat_total=True, asks_country_anyhow=False, asks_lines=True,
)  # fmt: skip
CII: Final = Binding(
    name="CII", slack=frozenset({"Z", "E", "AE", "K", "G"}), unsummed=frozenset("BLM"), untaxed=frozenset("BLM"),
    positive=frozenset("SL"), tax_point_codes=frozenset({"5", "29", "72"}), breakdown_category="BR-CL-18",
    asks_vat_total=False, asks_country_anyhow=True, asks_lines=False,
)  # fmt: skip

#: The name of a syntax -> its binding; any other format is checked as UBL.
BINDINGS: Final = {"UBL": UBL, "CII": CII}
