"""A campaign's wave by week: how many were invited, opened the page, claimed and went paperless, the tenth that was
not invited beside."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from markupsafe import Markup

from portal.presenters.amounts_and_dates import exact_day, share
from portal.presenters.svg_charts import Series, lines
from portal.translation import say
from store.campaigns.campaign_wave import WaveCounts

_WEEK = timedelta(days=7)


class WaveWeek(NamedTuple):
    """A week from its Monday: what was done in it, of the invited and of the held out, and the shares of both that have
    claimed by its end."""

    monday: date
    invited: WaveCounts
    held_out: WaveCounts
    claimed_share: float | None
    held_out_share: float | None


def weeks_of(invited: Mapping[date, WaveCounts], held_out: Mapping[date, WaveCounts]) -> list[WaveWeek]:
    """The weeks from the first day on which something happened to the last, none left out."""
    days = [*invited, *held_out]
    if not days:
        return []
    monday, last, found = _monday(min(days)), max(days), []
    so_far, beside = WaveCounts(), WaveCounts()
    while monday <= last:
        mine, theirs = _within(invited, monday), _within(held_out, monday)
        so_far, beside = _sum([so_far, mine]), _sum([beside, theirs])
        found.append(WaveWeek(monday, mine, theirs, _claimed(so_far), _claimed(beside)))
        monday += _WEEK
    return found


def wave_chart(weeks: Sequence[WaveWeek]) -> Markup:
    """The shares that have claimed, week by week; empty for one week alone."""
    if len(weeks) < 2:
        return Markup("")
    series = [
        Series(say("invités"), [each.claimed_share for each in weeks]),
        Series(say("témoin"), [each.held_out_share for each in weeks], "second"),
    ]
    labels = [str(exact_day(each.monday).striptags()) for each in weeks]
    return lines(say("Part des contrats réclamés depuis l’invitation"), labels, series, share)


def _within(days: Mapping[date, WaveCounts], monday: date) -> WaveCounts:
    return _sum([counts for day, counts in days.items() if monday <= day < monday + _WEEK])


def _sum(counts: Sequence[WaveCounts]) -> WaveCounts:
    return WaveCounts(*(sum(each) for each in zip(*counts, strict=True))) if counts else WaveCounts()


def _claimed(counts: WaveCounts) -> float | None:
    return min(counts.claimed / counts.invited, 1.0) if counts.invited else None


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
