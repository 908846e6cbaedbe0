"""The items of a feed: `FeedItem` (one physical entry, with its bill and findings) and `BillDraft` (an item
before the checks)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bill import Bill, Finding, Money
from untrusted.value_parsing import LARGEST_AMOUNT


@dataclass(frozen=True, slots=True)
class FeedItem:
    """One item of a feed, numbered in feed order. Without a *bill* the item is rejected, and a fatal finding says
    why."""

    seq: int  # 1..n, the place in feed order
    place: str  # where in the file: a line, an invoice's number in a batch, a member's name in a container
    body_sha: str  # sha256 of the item's own bytes, in hex
    bill: Bill | None
    findings: tuple[Finding, ...]
    number: str | None  # BT-1, as far as known
    pages: bytes | None = None  # the issuer's own PDF of the bill, where that is what people are to see
    text: str = ""  # what these pages say, as far as it was read
    amount: Money | None = None  # payable (BT-115), as far as known: of a rejected item, too
    attachment_texts: Mapping[int, str] = field(default_factory=dict)  # by number, from 1, as far as they were read

    @property
    def weight(self) -> int:
        """Return how many bytes of PDF pages and attachments the item carries."""
        attached = self.bill.attachments if self.bill is not None else ()
        return len(self.pages or b"") + sum(len(each.content or b"") for each in attached)


@dataclass(frozen=True, slots=True)
class ItemPosition:
    """Where an entry of an index finds its PDF pages: a file beside the index, or a range of pages of a print
    stream."""

    file: str = ""
    first: int = 0  # counted from 1
    count: int = 0  # 0: up to the next entry's first page


@dataclass(slots=True)
class BillDraft:
    """An item as its reader found it, before the checks. A reader with a fatal finding gives no bill."""

    place: str
    body_sha: str
    bill: Bill | None = None
    number: str | None = None
    findings: list[Finding] = field(default_factory=list)
    whereabouts: ItemPosition = ItemPosition()
    pages: bytes | None = None
    text: str = ""
    lacks: tuple[str, ...] = ()  # what these pages lack (`ingest.pdf.feed_archival_defects`)
    syntax: str = ""  # UBL, CII: what its rules depend on; any other format has none
    verdict: list[Finding] | None = None  # on the official rules, where the document itself was asked them


def amount_of(bill: Bill) -> Money | None:
    """Return the bill's amount due as Money; None when it is no valid amount."""
    payable, currency = bill.totals.payable, bill.currency
    is_currency = len(currency) == 3 and currency.isascii() and currency.isupper()
    is_amount = abs(payable) <= LARGEST_AMOUNT and payable == round(payable, 4)
    return Money(payable, currency) if is_currency and is_amount else None
