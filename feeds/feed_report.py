"""The feed report: a JSON object with counts, totals, rules and findings of a feed, the same at every door.

Its form is promised in docs/promises.md.
"""

from collections.abc import Iterable
from typing import Annotated, Any, Final, TypedDict, get_args

from sqlalchemy.orm import Session

from bill import AmountDue, Finding, Reason
from bill.decimal_text import amount_text
from bill.finding import Severity
from bill.finding_text import finding_message
from bill.json_values import Amount, Count, Moment, Sha256, one_of, one_of_or_none, says
from feeds.bill_due_now_json import DueNow, due_report
from store.feeds.conflict import CONFLICT_STATES, Conflict
from store.feeds.feed import FEED_STATES, OUT, Feed, FeedContent
from store.feeds.feed_outcome_counts import feed_tallies
from store.feeds.item import ALL_OUTCOMES, OUTCOMES, FindingRow, Item, findings_of, outcomes_of, tallies_of
from store.issuer import Issuer
from store.row_ids import FeedId
from words.finding_places import place_text
from words.reason_text import reason_text

#: The states of a feed of an issuer's: what a person brings in is no issuer's business.
ISSUERS_STATES: Final = tuple(each for each in FEED_STATES if each != "private")
_SEVERITIES: Final = get_args(Severity)


class FindingReport(TypedDict):
    """A rule that was broken, and where."""

    number: Annotated[str | None, says("The bill, where it is known.")]
    rule: Annotated[str, says("The official id where there is one, such as `BR-CO-15`.")]
    severity: Annotated[str, one_of(_SEVERITIES, "`fatal`: the item is rejected.")]
    place: Annotated[str, says("The line, the row or the XPath, in the file.")]
    message: Annotated[
        str,
        says("What is wrong, in English, always in the same words; staff's pages say it in their reader's language."),
    ]


class RuleCount(TypedDict):
    """How often a rule was broken in a feed."""

    rule: str
    severity: Annotated[str, one_of(_SEVERITIES)]
    count: Annotated[Count, says("Exact, however many of the findings are kept.")]


class FeedReport(TypedDict):
    """What became of a feed so far."""

    feed: Annotated[FeedId | None, says("The feed; null in the answer beside a file that was refused at the door.")]
    issuer: Annotated[str, says("The issuer's short name.")]
    file: Annotated[str, says("What the issuer calls the file.")]
    sha256: Annotated[Sha256 | None, says("Of the bytes as they came.")]
    state: Annotated[str, one_of(ISSUERS_STATES)]
    content: Annotated[FeedContent, says("What the file holds; found out when it is read.")]
    format: Annotated[str | None, says("Found out when it is read.")]
    counts: Annotated[
        dict[str, Count],
        says(
            "Items by outcome. A feed of bills: `bill` (released bills), `duplicate`, `conflict`, `rejected`, "
            "`waiting_parent`. Payments: `taken`, `known` (told before), `rejected`. Customers: `created`, `changed`, "
            "`unchanged`, `older`, `rejected`."
        ),
    ]
    totals: Annotated[
        dict[str, Amount],
        says("Payable amounts of the released bills, or what the entries taken amount to, by currency."),
    ]
    rules: list[RuleCount]
    findings: Annotated[
        list[FindingReport],
        says("All of them, unless one rule was broken more than 10,000 times; `rules` counts every one."),
    ]


class ConflictReport(TypedDict):
    """Other content that came under a used number, and what a person decided."""

    state: Annotated[
        str,
        one_of(
            CONFLICT_STATES,
            "`open`: it waits for a person; `kept`: the first bill stays and this content is refused; `replaced`: this "
            "content is the bill; `known`: it says what the bill says by now.",
        ),
    ]
    since: Moment
    decided_by: str | None
    reason: str | None
    settled_at: Moment | None


class ItemReport(TypedDict):
    """What became of one item of a feed."""

    item: Annotated[Count, says("Its place in the order of the file, from 1.")]
    number: Annotated[str | None, says("The bill's number, or the entry's id.")]
    place: str
    outcome: Annotated[str | None, one_of_or_none(ALL_OUTCOMES, "null: none yet.")]
    amount: Annotated[Amount | None, says("Payable, as you sent it; null where it could not be read.")]
    currency: str | None
    due_now: Annotated[
        DueNow | None,
        says(
            "What is due of the released bill today, beside the credit notes and correctives that name it; null for "
            "every other item."
        ),
    ]
    findings: list[FindingReport]
    conflict: Annotated[ConflictReport | None, says("null where nothing else came under the number.")]


def feed_report(session: Session, feed: Feed, into: str | None = None) -> FeedReport:
    """The report of a feed so far: its `content`; `counts` of items by outcome (`bill` counts released bills, `taken`
    what a feed of other content brought); `totals`, what those amount to by currency; `rules`, how often each was
    broken; and the findings, all of them unless a rule was broken more than `store.feeds.item.MOST_KEPT` times. With
    *into*, findings are in that language; the report of programs is in English."""
    issuer = session.get_one(Issuer, feed.issuer_id)
    tallies = feed_tallies(session, [feed])[feed.id]
    taken = "bill" if feed.content == "bills" else "taken"
    if feed.state not in OUT:  # none of its items is a bill yet
        tallies.pop(taken, None)
    return {
        "feed": FeedId(feed.id),
        "issuer": issuer.slug,
        "file": feed.name,
        "sha256": feed.sha256,
        "state": feed.state,
        "content": feed.content,
        "format": feed.format or None,
        "counts": {
            outcome: tallies[outcome].items if outcome in tallies else 0
            for outcome in dict.fromkeys((*OUTCOMES, *outcomes_of(feed.content)))
        },
        "totals": {
            currency: amount_text(amount, currency)
            for currency, amount in (tallies[taken].sums if taken in tallies else {}).items()
        },
        "rules": [
            {"rule": tally.rule, "severity": tally.severity, "count": tally.count}
            for tally in tallies_of(session, feed.id)
        ],
        "findings": [_finding(row, into) for row in findings_of(session, feed.id)],
    }


def refused_report(
    issuer: str, name: str, finding: Finding, sha256: str | None = None, into: str | None = None
) -> FeedReport:
    """The same object for a file refused at the door: there is no feed, and one finding says why."""
    return {
        "feed": None,
        "issuer": issuer,
        "file": name,
        "sha256": sha256,
        "state": "rejected",
        "content": "bills",
        "format": None,
        "counts": dict.fromkeys(OUTCOMES, 0),
        "totals": {},
        "rules": [{"rule": finding.rule, "severity": finding.severity, "count": 1}],
        "findings": [_finding(finding, into)],
    }


def item_report(
    item: Item, findings: Iterable[FindingRow], conflict: Conflict | None, due: AmountDue | None = None
) -> ItemReport:
    """One item of a feed: position, outcome (null: none yet), amount as sent if known, what is due of its bill now,
    findings, and its conflict if it has or had one."""
    return {
        "item": item.seq,
        "number": item.number,
        "place": item.place,
        "outcome": item.outcome,
        "amount": None if item.payable is None else amount_text(item.payable, item.currency or ""),
        "currency": item.currency,
        "due_now": None if due is None else due_report(due),
        "findings": [_finding(finding) for finding in findings],
        "conflict": None if conflict is None else _conflict(conflict),
    }


def _conflict(conflict: Conflict) -> ConflictReport:
    return {
        "state": conflict.state,
        "since": conflict.found_at.isoformat(),
        "decided_by": conflict.decided_by or None,
        "reason": _text(conflict.reason) or None,
        "settled_at": None if conflict.settled_at is None else conflict.settled_at.isoformat(),
    }


def _text(reason: Reason) -> str:
    """A report is in English, as its findings are."""
    return reason_text(reason.code, reason.values, "en")


def _finding(finding: Any, into: str | None = None) -> FindingReport:
    """The JSON object of a finding or its row; with *into*, its words in that language."""
    return {
        "number": finding.number,
        "rule": finding.rule,
        "severity": finding.severity,
        "place": finding.place if into is None else place_text(finding.place, into),
        "message": finding.message if into is None else finding_message(finding, into),
    }
