"""Routes of a feed's findings by kind: cases with the lines of the file they are about, the message for whoever makes
the feed, and all of them as CSV."""

from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple

from flask import Blueprint, Response, abort, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from export.saved_files.csv_table import Cell
from export.saved_files.file_name import file_name
from portal import app_context
from portal.access import staff_scope
from portal.operators.presenters import finding_text
from portal.operators.presenters.feed_message import RuleInFeed, feed_message, place_in_file
from portal.operators.presenters.rule_names import in_words
from portal.presenters.csv_export import csv_response
from portal.translation import language, other_languages, say
from store.blobs.blob_store import BlobMissing
from store.feeds.feed import Feed
from store.feeds.item import FindingRow, FindingTally, examples, findings_after, places_at, tallies_of
from untrusted.source_excerpt import MOST_READ, ExcerptLine, source_excerpt
from words import state_names
from words.language_names import own_name

pages = Blueprint("staff_findings", __name__, url_prefix="/equipe/flux/<row(feed):feed_id>/constats")

#: Of a kind, so many cases are shown with their lines; a message about all kinds has fewer.
_CASES: Final = 10
_CASES_OF_EACH: Final = 3
#: A message about more kinds than these would be read by nobody: the gravest and most frequent come first.
_KINDS: Final = 12
#: Rows of a sheet that are fetched at once.
_GROUP: Final = 500


class Case(NamedTuple):
    """A finding, where it is in the file, and the lines there; none where they cannot be shown."""

    finding: FindingRow
    place: str
    lines: list[ExcerptLine]


@pages.get("")
def show(feed_id: int) -> ResponseReturnValue:
    """Shows all kinds, or with `regle` one of them with its cases."""
    session, feed = app_context.reading(), staff_scope.feed(feed_id)
    asked = request.args.get("regle")
    tallies = [each for each in tallies_of(session, feed.id) if asked is None or each.rule == asked]
    if asked is not None and not tallies:
        abort(404)
    rules = [_rule(session, feed, each, _CASES if asked else _CASES_OF_EACH) for each in tallies[:_KINDS]]
    languages = {language(): own_name(language()), **other_languages()}
    return render_template(
        "operators/feeds/feed_findings.html",
        feed=feed,
        issuer=staff_scope.issuers()[feed.issuer_id],
        asked=asked,
        rules=rules,
        further=len(tallies) - len(rules),
        cases=_cases(feed, rules) if asked else [],
        messages=[(name, code, feed_message(feed, rules, code)) for code, name in languages.items()],
        wording=state_names,
    )


@pages.get("/feuille.csv")
def sheet(feed_id: int) -> ResponseReturnValue:
    """Streams all stored findings as CSV, or with `regle` those of one kind."""
    feed, asked = staff_scope.feed(feed_id), request.args.get("regle")
    head = [say("Règle"), say("Gravité"), say("Ce que c’est"), say("Facture"), say("Place"), say("Constat")]

    def rows() -> Iterator[list[Cell]]:
        with app_context.store().reading() as session:
            after = 0
            while found := findings_after(session, feed.id, after, _GROUP, asked):
                places = places_at(session, feed.id, [each.seq for each in found if each.seq is not None])
                yield from (_row(each, places.get(each.seq or 0, "")) for each in found)
                after = found[-1].id
                session.expunge_all()

    answer = Response(stream_with_context(csv_response(head, rows())), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=file_name(f"{feed.name}.csv"))
    return answer


def _row(finding: FindingRow, item: str) -> list[Cell]:
    return [
        finding.rule,
        say(state_names.SEVERITY[finding.severity][0]),
        say(in_words(finding.rule)),
        finding.number,
        finding_text.place(place_in_file(finding, item)),
        finding_text.message(finding),
    ]


def _rule(session: Session, feed: Feed, tally: FindingTally, most: int) -> RuleInFeed:
    cases = examples(session, feed.id, tally.rule, most)
    return RuleInFeed(tally, cases, places_at(session, feed.id, [each.seq for each in cases if each.seq is not None]))


def _cases(feed: Feed, rules: list[RuleInFeed]) -> list[Case]:
    source = _Source(feed)
    return [
        Case(finding, place, source.lines(rule.places.get(finding.seq or 0) or place, place, finding))
        for rule in rules
        for finding in rule.cases
        for place in [rule.place_of(finding)]
    ]


class _Source:
    """The beginning of the feed's file, read once, when it is first asked for."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed

    @cached_property
    def _content(self) -> bytes:
        try:
            return app_context.store().blobs.read(self._feed.sha256, 0, MOST_READ)
        except BlobMissing:
            return b""

    def lines(self, item: str, place: str, finding: FindingRow) -> list[ExcerptLine]:
        """Returns the lines that a finding is about: where it says so itself, else those of its item."""
        told = finding.place if finding.place.startswith("line ") and ": " not in item else item or place
        return source_excerpt(self._content, told, finding.values.values())
