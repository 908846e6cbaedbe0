"""The job "try profile": reads a sample by a profile that is not saved yet, and draws its first bill. Nothing is
stored but the answer."""

from collections.abc import Generator, Iterable, Iterator
from io import BytesIO
from itertools import islice
from typing import Final

from bill import Bill, Finding
from bill.labelled_account_number import account_number_of
from ingest import open_feed
from issuers.brand_settings import with_brand_settings
from issuers.profile import Profile, brand_of, read_profile
from issuers.profile_studio.sample_report import ToldFinding
from issuers.profile_studio.studio_jobs import Trial, TriedBill, TriedRule
from pipeline.compiled_templates import compiled
from pipeline.profile_studio.studio_job import running_studio_job
from render.page.bill_layout import NO_HISTORY
from render.page_images import page_images
from store import Store
from store.issuer import Issuer
from store.job import Job

#: How many items are tried; of them, the bills that are shown, and the cases of a rule.
MOST_TRIED: Final = 1_000
_SHOWN: Final = 20
_CASES: Final = 3
#: Width of a page's picture in pixels.
_WIDTH: Final = 900


def trying_profile(store: Store, job: Job) -> Iterator[None]:
    """Do the job; its answer holds a `Trial`, pictures of the first bill's pages, and its PDF."""
    yield from running_studio_job(store, job, _tried)


def _tried(content: bytes, issuer: Issuer, job: Job) -> Generator[None, None, tuple[Trial, list[bytes], bytes]]:
    text = job.particulars["profile"]
    profile = with_brand_settings(read_profile(text), issuer.voice)
    reading = open_feed(BytesIO(content), "", profile)
    bills: list[Bill] = []
    rules: dict[tuple[str, str], list[Finding]] = {}
    items = taken = 0
    items_left = iter(reading)
    for item in islice(items_left, MOST_TRIED):
        items += 1
        taken += item.bill is not None
        if item.bill is not None and item.pages is None and len(bills) < _SHOWN:
            bills.append(item.bill)
        _note(rules, item.findings)
        yield
    has_more = items == MOST_TRIED and next(items_left, None) is not None
    _note(rules, reading.findings)
    drawn, undrawable = b"", ""
    if bills:
        try:
            drawn = _drawn(bills[0], profile, issuer)
        except Exception as error:  # noqa: BLE001 - whatever a bill makes of a page, the trial tells the rest
            undrawable = f"{type(error).__name__}: {error}"
        yield
    trial = Trial(
        profile=text, base=job.particulars["base"], format=reading.format, items=items, taken=taken,
        refused=items - taken, is_whole=reading.whole or has_more, has_more=has_more, totals=reading.totals,
        bills=tuple(_shown(bill, profile) for bill in bills),
        rules=tuple(
            TriedRule(rule, severity, len(found), tuple(map(ToldFinding.of, found[:_CASES])))
            for (rule, severity), found in sorted(rules.items(), key=lambda each: (each[0][1], -len(each[1])))
        ),
        drawn=bills[0].number if drawn else "", undrawable=undrawable,
    )  # fmt: skip
    return trial, page_images(drawn, _WIDTH) if drawn else [], drawn


def _note(rules: dict[tuple[str, str], list[Finding]], findings: Iterable[Finding]) -> None:
    for finding in findings:
        rules.setdefault((finding.rule, finding.severity), []).append(finding)


def _drawn(bill: Bill, profile: Profile, issuer: Issuer) -> bytes:
    template = compiled(brand_of(profile, issuer.name, issuer.logo, bill.language))
    return template.prefix + template.suffix(bill, NO_HISTORY)


def _shown(bill: Bill, profile: Profile) -> TriedBill:
    number = account_number_of(bill, profile.account_term)
    return TriedBill(
        number=bill.number, type_code=bill.type_code, issue_date=bill.issue_date,
        due_date=bill.due_date, buyer=bill.buyer.name,
        account=number.value if number else "", payable=bill.totals.payable, currency=bill.currency,
        lines=len(bill.lines),
    )  # fmt: skip
