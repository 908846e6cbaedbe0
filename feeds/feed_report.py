"""The feed report: a JSON object with counts, totals, rules and findings of a feed, the same at every door.

Its form is promised in docs/promises.md.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from bill import AmountDue, Finding, Reason
from bill.decimal_text import amount_text
from bill.finding_text import finding_message
from feeds.bill_due_now_json import due_report
from store.feeds.conflict import Conflict
from store.feeds.feed import OUT, Feed
from store.feeds.feed_outcome_counts import feed_tallies
from store.feeds.item import OUTCOMES, FindingRow, Item, findings_of, outcomes_of, tallies_of
from store.issuer import Issuer
from words.finding_places import place_text
from words.reason_text import reason_text


def feed_report(session: Session, feed: Feed, into: str | None = None) -> dict[str, Any]:
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
        "feed": feed.id,
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
) -> dict[str, Any]:
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
) -> dict[str, Any]:
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


def _conflict(conflict: Conflict) -> dict[str, Any]:
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


def _finding(finding: Any, into: str | None = None) -> dict[str, Any]:
    """The JSON object of a finding or its row; with *into*, its words in that language."""
    return {
        "number": finding.number,
        "rule": finding.rule,
        "severity": finding.severity,
        "place": finding.place if into is None else place_text(finding.place, into),
        "message": finding.message if into is None else finding_message(finding, into),
    }
