"""The language of the command line, which the environment says, and sentences, amounts and dates in it.

The sentences are English in the code, domain `messages` of the catalogues. `--json` never depends on the language.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bill import Reason, spell_money, spell_number
from bill.finding_text import FindingText, finding_message
from bill.percentage import percent
from config import preferred_languages
from words.catalogue import LANGUAGES, sentence
from words.reason_text import reason_text
from words.relative_dates import spell_day, spell_month


def language() -> str:
    """Return the first language that the environment asks for and we have; English where it asks for none."""
    return next((each for each in preferred_languages() if each in LANGUAGES), "en")


def said(text: str, /, **values: object) -> str:
    """Return the sentence in the reader's language with its blanks filled in; `{n} bill|{n} bills` chooses by *n*."""
    n = values.get("n")
    if isinstance(n, int):
        values["n"] = number(n)
    return sentence(text, language(), n if isinstance(n, int) else None, "messages").format(**values)


def named(text: str) -> str:
    """Return a name of `words.state_names` in the reader's language."""
    return sentence(text, language())


def width(terms: Iterable[str], spelled: Callable[[str], str] = named) -> int:
    """Return the width of a column that has any of these names in it, in the reader's language."""
    return max(len(spelled(each)) for each in terms)


def number(value: int | Decimal) -> str:
    """Return a number as the language writes it: `1 204`, `1,204`."""
    return spell_number(Decimal(value), language())


def money(amount: Decimal, currency: str) -> str:
    """Return an amount: `3 223,06 €`, `€3,223.06`."""
    return spell_money(amount, currency, language())


def share(value: float | None) -> str:
    """Return a share from 0 to 1: `42 %`, `42%`."""
    return percent(value, language())


def day(value: date) -> str:
    """Return `3 déc. 2026`, `3 Dec 2026`."""
    return spell_day(value, language(), short=True)


def month(value: date) -> str:
    """Return `déc. 2026`, `Dec 2026`."""
    return spell_month(value, language(), short=True)


def moment(value: datetime, time_zone: str) -> str:
    """Return a moment in the configured time zone: `3 déc. 2026 à 17:28`, `3 Dec 2026 at 17:28`."""
    there = value.astimezone(ZoneInfo(time_zone))
    return named("{day} à {time}").format(day=day(there.date()), time=f"{there:%H:%M}")


def reason_words(value: Reason) -> str:
    """Return a reason in the reader's language."""
    return reason_text(value.code, value.values, language())


def message(finding: FindingText) -> str:
    """Return a finding's message in the reader's language."""
    return finding_message(finding, language())
