"""Fits what a finding counts to the count: `1 bill is declared`, `2 bills are declared`.

The sentence of a finding, which its row keeps and the catalogue is looked up by, is that of several. Where it may count
one, the sentence here, or its translation, has the other form too: `{count} {count:line|lines}`. The reader's language
chooses (CLDR).
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from words.catalogue import is_one

_FORMS: Final = re.compile(r"\{([a-z0-9_]+):([^{}|]*)\|([^{}|]*)\}")

COUNTED: Final = (
    "{said} {said:bill is|bills are} declared ({source}), {count} {count:was|were} read",
    (
        "{said} {currency} are declared ({source}), {found} {currency} were read, and the {unknown:amount|amounts} of "
        "{unknown} {unknown:item is|items are} unknown"
    ),
    "{count} {count:bill|bills}, usually {usual} ({change})",
    "{part} of {count} bills {part:is|are} refused ({now}), usually {usual}",
    "{part} of {count} bills {part:is|are} of new accounts ({now}), usually {usual}",
    "{part} of {count} records {part:is|are} refused ({share})",
    "{count} {count:record|records}, and {before} in the file before ({share} less): is it whole?",
    "{count} account {count:number is|numbers are} shared by several names and addresses ({numbers})",
    (
        "{part} account {part:number comes|numbers come} with another name and another address, of {count} "
        "{count:bill|bills} of known accounts ({share})"
    ),
    "{part} of {count} known account numbers {part:comes|come} with another name and another address ({share})",
    "{part} of {count} known accounts would be closed, or {part:its|their} holder dead ({share})",
    "{part} of {count} known accounts would get {part:its|their} letters at another address ({share})",
    "the rows of {count} {count:bill|bills} stood apart from each other and were put together: sort them by number",
    "the system that packed this left {count} {count:file that is no feed|files that are no feeds}",
    "{encoding} is declared, and this is UTF-8 ({count} {count:line|lines}): it was read as UTF-8",
    "the statement declares {declared} {declared:entry|entries} ({name}), and has {count}",
    "the batch declares {declared} {declared:transaction|transactions}, and {count} {count:is|are} told",
    "{declared} {declared:order is|orders are} declared (NbOfTxs), and {count} {count:is|are} there",
    "{declared} {declared:refusal is|refusals are} declared (NbOfTxsPerSts), and {count} {count:is|are} there",
    "CNT counts {said} {said:line|lines}, and there {count:is|are} {count}",
    "the trailer counts {said} {said:record|records}, and there {counted:is|are} {counted}: send the file again",
    "the index says {said} {said:page|pages}, and {count} {count:goes|go} from this bill's number to the next",
    "{file} has {count} {count:page|pages}, not those that the index says",
    "the record ends inside {term}, after {count} {count:character|characters}",
    "the last record has {count} {count:character|characters} of {due}: the file was cut off, send it again",
    "the last row has {count} {count:column|columns} of {due}: the file was cut off, send it again",
    "this row has {count} {count:column|columns}, not {due}: it is cut off, or a quote is missing",
    "a header of {count} {count:byte|bytes} carries no name",
    "the own pages of {count} of {of} {of:bill|bills} are not tagged: read aloud, they have no order and no tables",
    "the own pages of {count} of {of} {of:bill|bills} are set in a font that is not inside: another may be shown",
    "the own pages of {count} of {of} {of:bill|bills} come with a file that belongs to nothing (AF): PDF/A-3 has none",
    "the own pages of {count} of {of} {of:bill|bills} do not say that they are PDF/A: no archive vouches for them",
    "the own pages of {count} of {of} {of:bill|bills} do not say that they are PDF/UA",
    "the own pages of {count} of {of} {of:bill|bills} do not say their language: they are read aloud in a wrong one",
    "the own pages of {count} of {of} {of:bill|bills} have no title in their metadata (dc:title)",
)


def of_several(pattern: str) -> str:
    """Return the pattern with the form of several in each place: the sentence that rows keep."""
    return _FORMS.sub(r"\3", pattern)


def counted(text: str, values: Mapping[str, object], language: str) -> str:
    """Return a finding's sentence of this language, its blanks still in it, with the forms that fit the values."""

    def fit(form: re.Match[str]) -> str:
        value = values.get(form[1])
        return form[2] if isinstance(value, int | Decimal) and is_one(float(value), language) else form[3]

    return _FORMS.sub(fit, _WITH_FORMS.get(text, text))


_WITH_FORMS: Final = {of_several(pattern): pattern for pattern in COUNTED}
