"""The demo's issuers send a customer file every month, which their own profile reads."""

import io
from datetime import date

from demo.billing.customer_files import customer_files_until
from demo.issuer import ISSUERS
from demo.people.contract import contracts
from demo.people.population import people
from ingest.customer_records import is_customer_file, open_customer_file

FIRST, LAST = date(2025, 11, 1), date(2026, 5, 31)


def test_each_issuer_sends_its_customers_every_month() -> None:
    files = customer_files_until(contracts(people(7, 30, FIRST)), FIRST, LAST)
    assert {(file.issuer.slug, file.day.month) for file in files} == {
        (issuer.slug, month) for issuer in ISSUERS for month in (12, 1, 2, 3, 4, 5)
    }
    water = [file for file in files if file.issuer.slug == "eaux-du-val"]
    assert all(file.write().count(b'"paper_by_right": "yes"') == 1 for file in water)  # Charlie's
    for file in files:
        content, layout = file.write(), file.issuer.profile.customers
        assert is_customer_file(content, layout)
        reading = open_customer_file(io.BytesIO(content), layout)
        items = list(reading)
        assert reading.whole
        assert items
        assert not [finding for item in items for finding in item.findings]
