"""What a feed may hold, and the steps that read and release it. A further content is one line of `CONTENTS`, and its
name in `store.feeds.feed.FeedContent`."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final, NamedTuple

from issuers.profile import Profile
from payments.files.payment_file_format import detect_payment_format
from pipeline.steps.read_bills import staging_bills
from pipeline.steps.read_customers import begins_customers, releasing_customers, staging_customers
from pipeline.steps.read_payments import releasing_payments, staging_payments
from pipeline.steps.release_feed import releasing_feed
from store import Store
from store.feeds.feed import Feed, FeedContent

Clock = Callable[[], datetime]


class ContentSteps(NamedTuple):
    """How a content is known and worked. *begins* tells it from a file's first bytes, its name and the issuer's
    profile. *stage* reads a claimed feed to its end, stages and judges it; *release* makes of what is staged what it
    is. Both yield between chunks, and raise LeaseLost if another worker has taken the feed over."""

    begins: Callable[[bytes, str, Profile], object]
    stage: Callable[[Store, Feed, Clock], Iterator[None]]
    release: Callable[[Store, int, Clock], Iterator[None]]


#: The first that begins so is it; any other file is read as bills, whose readers say why they cannot read it.
CONTENTS: Final[dict[FeedContent, ContentSteps]] = {
    "bills": ContentSteps(lambda _head, _name, _profile: False, staging_bills, releasing_feed),
    "customers": ContentSteps(begins_customers, staging_customers, releasing_customers),
    "payments": ContentSteps(
        lambda head, _name, _profile: detect_payment_format(head), staging_payments, releasing_payments
    ),
}


def content_of(head: bytes, name: str, profile: Profile) -> FeedContent:
    """What a file with these first bytes and this name holds."""
    return next((content for content, steps in CONTENTS.items() if steps.begins(head, name, profile)), "bills")
