"""What a bill is made of, on its page: groups as groups, details below them, and only what counts among the amounts."""

import re
from datetime import timedelta

from msgspec.structs import replace

from bill import Bill
from tests.ingest.sample_files import SAMPLES, only_bill, sample
from tests.portal.consumers.test_bills import NewBrowser, plain
from tests.portal.sample_town import World, a_bill


def page_of(browser: NewBrowser, world: World, bill: Bill) -> str:
    """The page of a bill of Alice's, in French."""
    issuer = world.issuer("lumiere", "Lumiere")
    [row] = world.drop(issuer, [bill]).values()
    phone = browser()
    phone.sign_in(world.consumer("Alice Martin", holds={issuer: bill.buyer.identifiers[0].value}))
    page: str = phone.get(f"/factures/{row.uid}").text
    return page


def test_groups_and_what_is_told_for_information(browser: NewBrowser, world: World) -> None:
    page = page_of(browser, world, only_bill((SAMPLES / "lines-in-groups.cii.xml").read_bytes()))
    assert re.findall(r'<tr class="([^"]*)">', page)[:4] == ["group depth-0", " depth-1", " depth-1", " depth-1"]
    assert "dont 12,00 €" in plain(page)
    assert "Total 120,00 €" in plain(page)


def test_a_discount_for_prompt_payment_is_said_in_words(browser: NewBrowser, world: World) -> None:
    page = plain(page_of(browser, world, only_bill(sample("discount-in-words"))))
    assert "2 % de moins, soit 117,60 € à payer, jusqu’au 16 novembre 2026" in page
    assert "SKONTO" not in page


def test_terms_in_the_issuers_own_words_stay_as_they_are(browser: NewBrowser, world: World) -> None:
    bill = replace(a_bill("L-1", "C-1", world.today - timedelta(days=3)), terms="À réception")
    assert "À réception" in plain(page_of(browser, world, bill))
