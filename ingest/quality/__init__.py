"""Data quality beyond the standard: what makes a mail bounce, a letter come back, a payment fail.

Nothing here refuses a bill: every rule is a warning with an id of ours (`issuers.quality` lists them), and the
profile says which ones its issuer does not want to hear of.
"""

from bill import Bill, Finding, warning
from ingest.checks.broken import Broken
from ingest.quality.address import address, spelling
from ingest.quality.amount import amount
from ingest.quality.company import company
from ingest.quality.mail import mail
from ingest.quality.name import name
from ingest.quality.numbers import numbers
from issuers.profile import Profile


def quality(bill: Bill, profile: Profile) -> list[Finding]:
    """What could be better in the data of this bill, of a kind that the profile does not ignore."""
    broken: list[Broken] = []
    mail(bill.buyer, broken)
    name(bill.buyer, broken)
    address(bill.buyer, broken)
    if profile.quality.mended:
        spelling(bill.buyer, broken)
    numbers(bill, broken)
    amount(bill, broken)
    company(bill, profile.platforms_since, broken)
    if not broken:
        return []
    ignored = profile.quality.ignore
    return [each.told(warning) for each in broken if each.rule not in ignored]


__all__ = ["quality"]
