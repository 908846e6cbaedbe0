"""Feeds: the latest ones, and the report of each: counts, totals, findings."""

from collections import Counter
from typing import Final

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import here
from portal.staff import scope, wording
from portal.staff.headway import headway
from store.event import events_of
from store.feed import Feed
from store.item import OUTCOMES, FindingRow, outcome_totals, tallies_of

pages = Blueprint("staff_feeds", __name__, url_prefix="/equipe/flux")

FEEDS_A_PAGE: Final = 30
FINDINGS_A_PAGE: Final = 100


@pages.get("")
def show_all() -> ResponseReturnValue:
    before = request.args.get("avant", type=int)
    query = select(Feed).order_by(Feed.id.desc()).limit(FEEDS_A_PAGE + 1)
    if (mine := scope.issuer_id()) is not None:
        query = query.where(Feed.issuer_id == mine)
    if before is not None:
        query = query.where(Feed.id < before)
    feeds = list(here.reading().scalars(query))
    shown = feeds[:FEEDS_A_PAGE]
    return render_template(
        "staff/feeds.html",
        feeds=headway(here.reading(), shown),
        issuers=scope.issuers(),
        wording=wording,
        newer=url_for(".show_all") if before else None,
        older=url_for(".show_all", avant=shown[-1].id) if len(feeds) > FEEDS_A_PAGE else None,
    )


@pages.get("/<int:feed_id>")
def show(feed_id: int) -> ResponseReturnValue:
    session = here.reading()
    feed = session.get(Feed, feed_id)
    if feed is None:
        abort(404)
    scope.check(feed.issuer_id)
    after = request.args.get("suite", default=0, type=int)
    findings = _findings(session, feed.id, after)
    [how] = headway(session, [feed])
    return render_template(
        "staff/feed.html",
        how=how,
        issuer=scope.issuers()[feed.issuer_id],
        outcomes=OUTCOMES,
        totals=outcome_totals(session, feed.id),
        findings=findings[:FINDINGS_A_PAGE],
        severities=_severities(session, feed.id),
        newer=url_for(".show", feed_id=feed.id) if after else None,
        older=_next_page(feed.id, findings),
        events=events_of(session, "feed", feed.id),
        wording=wording,
    )


def _findings(session: Session, feed_id: int, after: int) -> list[FindingRow]:
    """A page of findings, and one more to see whether another page follows; in the order they were found."""
    query = select(FindingRow).where(FindingRow.feed_id == feed_id, FindingRow.id > after)
    return list(session.scalars(query.order_by(FindingRow.id).limit(FINDINGS_A_PAGE + 1)))


def _next_page(feed_id: int, findings: list[FindingRow]) -> str | None:
    if len(findings) <= FINDINGS_A_PAGE:
        return None
    return url_for(".show", feed_id=feed_id, suite=findings[FINDINGS_A_PAGE - 1].id)


def _severities(session: Session, feed_id: int) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for tally in tallies_of(session, feed_id):
        counts[tally.severity] += tally.count
    return counts
