"""How a person chose to hear of bills: as one phrase, as the fields of the form, and read from the form."""

import re
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from functools import reduce
from typing import Final

import msgspec
from flask import request

from delivery.notices.notice_preference import NOTICE_CHANNELS, SATURDAY, NoticeChannel, NoticePreference
from portal.form_input import form_value
from portal.translation import language, page_languages, say
from words.calendar_names import weekday_name
from words.catalogue import N_

#: Quiet hours that leave no part of the day would be silence.
MOST_QUIET: Final = timedelta(hours=16)
_HOUR: Final = re.compile(r"([01]?\d|2[0-3])\s*[:hH.]\s*([0-5]\d)?")
_WEEK: Final = 7


class ChoiceForm(msgspec.Struct, frozen=True, kw_only=True):
    """The fields as they were typed, what they mean (None where something is wrong), and the errors by field."""

    channels: list[str]
    digest: str
    day: str
    quiet_from: str
    quiet_until: str
    language: str
    preference: NoticePreference | None
    errors: dict[str, str]


def form_of(preference: NoticePreference) -> ChoiceForm:
    """Returns the form filled in with a choice."""
    return ChoiceForm(
        channels=list(preference.channels), digest=preference.digest, day=str(preference.digest_day),
        quiet_from=_typed(preference.quiet_from), quiet_until=_typed(preference.quiet_until),
        language=preference.language, preference=preference, errors={},
    )  # fmt: skip


def submitted_form(allowed: Collection[NoticeChannel]) -> ChoiceForm:
    """Returns the form as the visitor sent it; channels that are not *allowed* are left out."""
    channels, digest, day = request.form.getlist("channel"), form_value("digest", 10), form_value("day", 2)
    typed = form_value("quiet_from", 10), form_value("quiet_until", 10)
    chosen, errors = form_value("language", 5), {}
    hours = [_hour(each) for each in typed]
    if wrong := _wrong_hours(typed, hours):
        errors["quiet"] = wrong
    preference = NoticePreference(
        channels=tuple(each for each in NOTICE_CHANNELS if each in channels and each in allowed),
        digest="weekly" if digest == "weekly" else "each",
        digest_day=int(day) if day in {str(n) for n in range(_WEEK)} else SATURDAY,
        quiet_from=hours[0],
        quiet_until=hours[1],
        language=chosen if chosen in page_languages() else "",
    )
    return ChoiceForm(
        channels=channels, digest=preference.digest, day=str(preference.digest_day), quiet_from=typed[0],
        quiet_until=typed[1], language=preference.language, preference=None if errors else preference, errors=errors,
    )  # fmt: skip


def choice_in_words(preference: NoticePreference) -> str:
    """Returns a choice as one phrase: `un courriel par semaine, le samedi ; jamais entre 22:00 et 07:00`."""
    if not preference.channels:
        return say("aucun message : les factures viennent par la poste")
    said = [_way(preference, channel) for channel in preference.channels]
    if preference.quiet_from and preference.quiet_until:
        hours = {"start": _typed(preference.quiet_from), "end": _typed(preference.quiet_until)}
        said.append(say("jamais entre {start} et {end}", **hours))
    if preference.language in page_languages():
        said.append(page_languages()[preference.language])
    return reduce(lambda one, more: say("{one} ; {more}", one=one, more=more), said)


def _way(preference: NoticePreference, channel: NoticeChannel) -> str:
    """Returns what comes by this channel: by the first notices, by the others reminders."""
    if channel == "email" and preference.digest == "weekly":
        return say("un courriel par semaine, le {day}", day=weekday_name(preference.digest_day, language()))
    return say(_WAYS[channel][channel != preference.channels[0]])


_WAYS: Final = {
    "email": (N_("un courriel par facture"), N_("des rappels par courriel")),
    "sms": (N_("un SMS par facture"), N_("des rappels par SMS")),
    "push": (N_("une notification par facture"), N_("des rappels par notification")),
}


def weekdays() -> list[tuple[int, str]]:
    """Returns the days of the week to choose from, Monday first."""
    return [(n, weekday_name(n, language())) for n in range(_WEEK)]


def _wrong_hours(typed: tuple[str, str], hours: list[time | None]) -> str:
    """Returns what is wrong with the quiet hours, in words; "" if nothing is."""
    start, end = hours
    if not any(typed):
        return ""
    if start is None or end is None:
        return say("Donnez les deux heures, par exemple 22:00 et 07:00, ou aucune.")
    if start == end:
        return say("Les deux heures sont les mêmes : laissez-les vides pour n’en avoir aucune.")
    if _length(start, end) > MOST_QUIET:
        return say("Laissez-nous au moins huit heures par jour pour vous annoncer vos factures.")
    return ""


def _length(start: time, end: time) -> timedelta:
    day = date(2026, 1, 1)
    length = datetime.combine(day, end) - datetime.combine(day, start)
    return length if length > timedelta() else length + timedelta(days=1)


def _hour(typed: str) -> time | None:
    found = _HOUR.fullmatch(typed)
    return time(int(found[1]), int(found[2] or 0)) if found else None


def _typed(hour: time | None) -> str:
    return hour.strftime("%H:%M") if hour else ""
