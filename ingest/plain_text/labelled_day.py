"""Finds the issue date and the due date of a bill by what stands before them on their line. Pure."""

import re
from datetime import date, timedelta
from typing import Final

from bill.document_reading import FoundValue, TermReading, sure, unsure
from ingest.plain_text.other_documents import names_another
from ingest.plain_text.written_day import days_in

_BETWEEN: Final = r"[\s:.…-]*$"
_ISSUED: Final = re.compile(
    r"(?:date (?:de )?(?:la )?facture|date de facturation|date d.[ée]mission|factur[ée]e? le|[ée]mise? le|"
    r"[ée]tablie? le|facture (?:n[°o]\s?\S+ )?du|invoice date|date of invoice|date of issue|issue date|issued on|"
    r"bill date|billing date|rechnungsdatum|ausstellungsdatum|datum der rechnung|"
    r"rechnung(?: des versicherers)?(?: \(\d{3}\))? *(?:nr\.|#)? *\S*\d\S* +v[o]?[mn])" + _BETWEEN,
    re.IGNORECASE,
)
#: The date of something else, which the bill refers to.
_OF_OTHERS: Final = re.compile(
    r"\b(?:bestell\w*|auftrag\w*|liefer\w*|vertrag\w*|commande|devis|contrat|order|quote|contract|origin\w*|"
    r"pr[ée]c[ée]dente?|associ[ée]e?|li[ée]e|previous|related|zur?|gem[äa][ßs]s?)\b",
    re.IGNORECASE,
)
_DUE: Final = re.compile(
    r"(?:date d.[ée]ch[ée]ance|[ée]ch[ée]ance(?: le)?|date limite (?:de|du) (?:paiement|r[èe]glement)|"
    r"(?:[àa] (?:payer|r[ée]gler)|payable|r[ée]gl[ée]e?) (?:avant|au plus tard|jusqu.au|pour)(?: le)?|payable le|"
    r"pr[ée]lev[ée]e? le|pr[ée]l[èe]vement (?:le|du)|date de pr[ée]l[èe]vement|"
    r"due date|payment due(?: (?:date|by|on))?|due (?:by|on)|pay(?:able)? by|please pay by|"
    r"zahlbar bis(?: zum)?|zahlen bis(?: zum)?|[üu]berweisen sie bis zum|f[äa]llig(?: am)?|f[äa]lligkeit(?:sdatum)?|"
    r"zahlungsziel|netto bis)" + _BETWEEN,
    re.IGNORECASE,
)
#: After a day: it begins a period, and is no date of a document.
_GOES_ON: Final = re.compile(r"\s*(?:au|to|until|bis|-|–|and|et|und)\b|\s*[-–]\s*\d", re.IGNORECASE)
#: A day that a document is dated by, whatever it is: on a bill it may be the bill's.
_BARE: Final = re.compile(r"^\s*(?:date|datum|le|[^\W\d_][\w' -]{1,40},\s*(?:le|den))" + _BETWEEN, re.IGNORECASE)
#: A day until which less is to be paid is not the day until which all of it is.
_DISCOUNT: Final = re.compile(r"skonto|escompte|discount", re.IGNORECASE)
_NET: Final = re.compile(r"netto bis|\bnet\b", re.IGNORECASE)
_EARLIEST: Final = date(1990, 1, 1)
#: A bill is dated so many days ahead at most, and is due so many after its date.
_AHEAD: Final = timedelta(days=31)
_DUE_WITHIN: Final = timedelta(days=400)


def issue_date_in(lines: list[str], today: date, day_first: bool) -> TermReading:
    """The issue date: sure if one day alone is labelled so."""
    of_bill = [line for line in lines if not _OF_OTHERS.search(line)]
    labelled, others = _labelled(of_bill, _ISSUED, day_first)
    bare, _ = _labelled(lines, _BARE, day_first)
    days = {each.value for each, _ in labelled}
    is_only = len(days) == 1 and days >= {each.value for each, _ in bare}
    if is_only and all(is_sure for _, is_sure in labelled):
        day = date.fromisoformat(labelled[0][0].value)
        if _EARLIEST <= day <= today + _AHEAD:
            return sure(labelled[0][0])
    return unsure([*(each for each, _ in labelled), *others][:8])


def due_date_in(lines: list[str], issued: str | None, day_first: bool) -> TermReading:
    """The due date: sure if one day alone is labelled so, and it is not before the sure issue date."""
    of_all = [line for line in lines if not _DISCOUNT.search(line) or _NET.search(line)]
    labelled, others = _labelled(of_all, _DUE, day_first)
    if issued and len({each.value for each, _ in labelled}) == 1 and all(is_sure for _, is_sure in labelled):
        day, first = date.fromisoformat(labelled[0][0].value), date.fromisoformat(issued)
        if first <= day <= first + _DUE_WITHIN:
            return sure(labelled[0][0])
    after = [each for each in others if issued is None or each.value >= issued]
    return unsure([*(each for each, _ in labelled), *after][:8])


def _labelled(
    lines: list[str], label: re.Pattern[str], day_first: bool
) -> tuple[list[tuple[FoundValue, bool]], list[FoundValue]]:
    """The days with this label before them, each with whether it is read without doubt; and all other days."""
    labelled, others = [], []
    for line, next_line in zip(lines, [*lines, ""][1:], strict=False):
        end = 0
        for n, found in enumerate(days := days_in(line, day_first)):
            value = FoundValue(found.day.isoformat(), line.strip()[:160])
            said = label.search(before := line[end : found.start])
            after = line[found.end :].strip() or next_line
            if said and not names_another(before[: said.start()]) and not _GOES_ON.match(after):
                is_last = n == len(days) - 1
                labelled.append((value, found.is_sure and is_last))
            else:
                others.append(value)
            end = found.end
    return labelled, others
