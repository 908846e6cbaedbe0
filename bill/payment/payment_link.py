"""Build the link to the issuer's on-line payment page for a bill. Page and PDF use the same link."""

from typing import Final
from urllib.parse import quote

from bill.bill import Bill
from bill.decimal_text import amount_text
from bill.labelled_account_number import account_number_of
from bill.payment.amount_due import AmountDue

#: Characters that a URL may have unquoted, and the braces of placeholders.
_OF_ADDRESSES: Final = "%:/?#[]@!$&'*+,;=~{}"


def payment_link(pattern: str, bill: Bill, due: AmountDue, account_term: str | None) -> str:
    """The URL to pay what is due next of this bill; "" if the issuer has no such page or nothing is to be paid by hand.
    *pattern* has `{number}`, `{amount}` and `{account}`; *account_term* is where the account number stands
    (`bill.labelled_account_number`)."""
    if not pattern or not due.is_asking:
        return ""
    account = account_number_of(bill, account_term or None)
    amount = amount_text(due.amount, due.currency)
    return fill_in_link(pattern, bill.number, amount, "" if account is None else account.value)


def fill_in_link(pattern: str, number: str, amount: str, account: str) -> str:
    """The pattern with these values, quoted so that none can change the URL (RFC 3986), and without the parentheses
    that would end it in a PDF."""
    pattern = quote(pattern, safe=_OF_ADDRESSES, errors="replace")
    for place, value in {"{number}": number, "{amount}": amount, "{account}": account}.items():
        pattern = pattern.replace(place, quote(value, safe="", errors="replace"))
    return pattern
