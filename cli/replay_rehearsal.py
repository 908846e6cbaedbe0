"""Prints what reading a feed again would change: `facteur feed replay --dry-run`."""

from decimal import Decimal
from typing import Any, Final

from msgspec import structs

from bill import Finding
from cli.command_language import message, money, named, number, said
from cli.output import out, print_line
from cli.text_table import print_table
from pipeline.replay_rehearsal import Rehearsal
from store.feeds.feed import Feed
from words import state_terms

#: So many changed items are printed.
SHOWN_CHANGES: Final = 20


def rehearsal_line(rehearsal: Rehearsal) -> dict[str, Any]:
    """Return the JSON object of a rehearsal, with `why` in English."""
    return {"feed": rehearsal.feed, "state": rehearsal.state, "why": rehearsal.why} | structs.asdict(rehearsal)


def print_rehearsal(feed: Feed, rehearsal: Rehearsal) -> None:
    """Print last and next reading side by side, and the first items that would end otherwise."""
    now, then = (named(state_terms.FEED[state]) for state in (feed.state, rehearsal.state))
    print_line(f"{said('feed {feed}', feed=feed.id)}  {feed.name}  {now} -> {then}")
    for why in _why(rehearsal):
        print_line(f"  {why}")
    rows = [
        [_name(kind, name), *(_value(kind, name, getattr(side, kind)) for side in (rehearsal.before, rehearsal.after))]
        for kind in ("outcomes", "totals", "rules")
        for name in sorted({*getattr(rehearsal.before, kind), *getattr(rehearsal.after, kind)})
    ]
    print_table(out, ["", said("last reading"), said("next reading")], rows, right=(1, 2))
    print_line(said("{n} item would end otherwise|{n} items would end otherwise", n=len(rehearsal.changes)))
    for change in rehearsal.changes[:SHOWN_CHANGES]:
        before, after = _outcome(change.before), _outcome(change.after)
        print_line(f"  {said('item {item}', item=change.seq)}  {change.number or '-'}  {before} -> {after}")
    if (more := len(rehearsal.changes) - SHOWN_CHANGES) > 0:
        print_line("  " + said("and {n} more (--json gives them all)", n=more))


def _why(rehearsal: Rehearsal) -> list[str]:
    """Return why the feed would be held or rejected, a sentence each."""
    if rehearsal.reasons:
        return [
            message(Finding(rule=each.rule, severity="fatal", sentence=each.sentence, values=each.values))
            for each in rehearsal.reasons
        ]
    return [named("Toutes les factures de ce flux sont refusées")] if rehearsal.why else []


def _outcome(outcome: str) -> str:
    return named(state_terms.OUTCOME[outcome])


def _name(kind: str, name: str) -> str:
    return _outcome(name) if kind == "outcomes" else name


def _value(kind: str, name: str, values: dict[str, int] | dict[str, Decimal]) -> str:
    value = values.get(name, 0)
    return money(Decimal(value), name) if kind == "totals" else number(value)
