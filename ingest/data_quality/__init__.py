"""Data quality checks beyond EN 16931: data that makes a mail bounce, a letter come back or a payment fail.

No bill is refused here: each rule is a warning with an id of ours (listed in `issuers.data_quality_rules`), and the
profile names the rules that the issuer wants to ignore.
"""

from bill import Bill, Finding, warning
from ingest.checks.broken_rule import BrokenRule
from ingest.data_quality.amount_sign import check_amount_sign
from ingest.data_quality.check_digits import check_numbers
from ingest.data_quality.customer_name import check_name
from ingest.data_quality.email_address import check_email
from ingest.data_quality.french_company_buyer import check_business_customer
from ingest.data_quality.garbled_letters import check_letters
from ingest.data_quality.postal_address import check_address, check_address_spelling
from ingest.data_quality.unsaid_total import check_unsaid_total
from issuers.profile import Profile


def quality(bill: Bill, profile: Profile) -> list[Finding]:
    """Return the data quality warnings for this bill, without the rules that the profile ignores."""
    broken: list[BrokenRule] = []
    check_email(bill.buyer, broken)
    check_name(bill.buyer, broken)
    check_letters(bill.buyer, broken)
    check_address(bill.buyer, bill.seller.address.country, broken)
    if profile.quality.mended:
        check_address_spelling(bill.buyer, broken)
    check_numbers(bill, broken)
    check_amount_sign(bill, broken)
    check_unsaid_total(bill, broken)
    check_business_customer(bill, profile.platforms_since, broken)
    if not broken:
        return []
    ignored = profile.quality.ignore
    return [each.as_finding(warning) for each in broken if each.rule not in ignored]


__all__ = ["quality"]
