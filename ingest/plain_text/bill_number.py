"""Finds the number of a bill by what stands before it on its line. Pure."""

import re
from typing import Final

from bill.document_reading import FoundValue, TermReading, sure, unsure
from ingest.plain_text.other_documents import names_another

_N: Final = r"(?:n[°ºo]\.?|num[ée]ro|nr\.?|no\.?|number|nummer|num\.?|id|#)"
_label: Final = re.compile(
    rf"(?:\b(?:facture|avoir|invoice|bill|rechnung|handelsrechnung|credit note)\s*(?:\(\d{{3}}\))?\s*{_N}|"
    rf"\b{_N}\s*(?:de\s+)?(?:la\s+)?facture|\bfacture\s*{_N}|rechnungs-?\s?{_N}|invoice reference|"
    r"r[ée]f[ée]rence (?:de )?(?:la )?facture)\s*:?\s*(?P<number>(?=\S*\d)[\w./#-]+)(?P<rest>[^\n]*)",
    re.IGNORECASE,
)
_weak: Final = re.compile(r"\b(?:facture|invoice|rechnung|avoir)\W{0,3}(?P<number>(?=\S*\d)[\w./-]+)", re.IGNORECASE)
#: What may follow a number on its line: an end, a word. Further digits could be more of it.
_ENDS: Final = re.compile(
    r"\s*$|\s*[,;(|]|\s+(?:du|de|le|dated?|vom|von|from|of(?!\s+\d+\s*$)|date|page|seite|en date)\b", re.IGNORECASE
)
#: A bill that this one refers to.
_OTHERS: Final = re.compile(
    r"\b(?:origin\w*|pr[ée]c[ée]dente?|associ[ée]e?|li[ée]e|previous|related|correct\w*|zu)\W*$", re.IGNORECASE
)


def bill_number_in(lines: list[str]) -> TermReading:
    """The number: sure if one alone is labelled so, and nothing after it could be more of it."""
    found, are_ends = [], []
    for line in lines:
        for each in _label.finditer(line):
            if _OTHERS.search(before := line[: each.start()]):
                are_ends.append(False)
                continue
            found.append(FoundValue(each["number"].strip(".,;:/-#"), line.strip()[:160]))
            are_ends.append(bool(_ENDS.match(each["rest"])) and not names_another(before))
    if len({each.value for each in found}) == 1 and all(are_ends) and not _has_more(found[0].value):
        return sure(found[0])
    weak = [
        FoundValue(each["number"].strip(".,;:/-"), line.strip()[:160])
        for line in lines
        for each in _weak.finditer(line)
    ]
    return unsure([*found, *weak][:6])


def _has_more(value: str) -> bool:
    """Whether it is a day, or a word or a day hangs on it without a blank."""
    return bool(re.search(r"^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}$|\d[a-zà-ÿ]{2,}|\d{1,2}\.\d{1,2}\.\d{4}", value))
