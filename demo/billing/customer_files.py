"""The customer file that each demo issuer sends once a month: its accounts in force, and those that ended lately."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from bill.customer.record_json import lines_of
from demo.billing.feed_file import FeedFile
from demo.issuer import ELECTRICITY, ISSUERS
from demo.month_arithmetic import later
from demo.people.contract import Contract
from demo.seeded_random import random_by_name

#: The share of its customers whose e-mail address an issuer knows and tells: Lumière alone, which may write to them.
_KNOWN_ADDRESSES: Final = {ELECTRICITY: 0.7}
#: Days for which an account that has ended is still in the file.
_AFTER_END: Final = timedelta(days=62)


def customer_files_until(contracts: Sequence[Contract], first: date, last: date) -> list[FeedFile]:
    """Return the customer files of all issuers, from the month after that of *first* on, up to *last*."""
    files = []
    month = later(first, 1)
    while month <= last:
        for issuer in ISSUERS:
            day = _working_day(month.replace(day=issuer.day))
            content = partial(_content, [each for each in contracts if each.issuer is issuer], day)
            files.append(FeedFile(day, issuer, f"clients-{day:%Y-%m}.json", content))
        month = later(month, 1)
    return [file for file in files if file.day <= last]


def _working_day(day: date) -> date:
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def _content(contracts: Sequence[Contract], day: date) -> bytes:
    return json.dumps({"customers": list(_customers(contracts, day))}, ensure_ascii=False).encode()


def _customers(contracts: Sequence[Contract], day: date) -> Iterator[dict[str, Any]]:
    for contract in contracts:
        if contract.runs(day - _AFTER_END, day):
            yield {
                "number": contract.number, "term": contract.issuer.account_in,
                "as_of": f"{day - timedelta(days=1)}T03:00:00+00:00", "names": [contract.holder],
                "postal_address": lines_of(contract.post_to(day)), "language": "fr",
                **({"email": contract.person.email} if _knows_address(contract) else {}),
                **({"paper_by_right": "yes"} if contract.issuer.slug in contract.person.exempt_at else {}),
                **({"large_print": "yes"} if contract.person.reads_large_print else {}),
                **({"closed_on": contract.until.isoformat()} if contract.until and contract.until <= day else {}),
            }  # fmt: skip


def _knows_address(contract: Contract) -> bool:
    share = _KNOWN_ADDRESSES.get(contract.issuer, 0.0)
    return random_by_name(contract.person.key, contract.issuer.slug, "address").random() < share
