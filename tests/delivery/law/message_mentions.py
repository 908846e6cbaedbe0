"""What a bill's mail must say by the law of its sector, looked for in its text."""

from datetime import date
from decimal import Decimal

from bill import spell_money
from delivery.law.sector_law import Mention, SectorLaw
from words.written_dates import written_date


def missing_mentions(
    text: str, law: SectorLaw, *, amount: Decimal, due_date: date | None, link: str, language: str = "fr"
) -> list[Mention]:
    """The mentions that the law asks for and the text lacks. A bill that nobody has to pay on a day needs none."""
    wanted: dict[Mention, str] = {
        "amount": spell_money(amount, "EUR", language),
        "due_date": written_date(due_date, language) if due_date else "",
        "link": link,
    }
    return [each for each in law.message_says.value if wanted[each] not in text]
