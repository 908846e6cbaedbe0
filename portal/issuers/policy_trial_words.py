"""What a tried policy makes of a bill, in words."""

from typing import Final

from delivery.choosing.policy_trial import BillEnding, Ending
from portal.presenters.amounts_and_dates import exact_day, local
from portal.translation import say
from words.catalogue import N_

_HOW: Final[dict[Ending, str]] = {
    "at_once": N_("imprimée d’emblée"), "unread": N_("imprimée le {day}, faute de lecture"), "read": N_("lue à temps"),
    "open": N_("imprimée le {day} si personne ne la lit"), "held": N_("lettre en attente de quelqu’un"),
}  # fmt: skip


def ending_words(ending: BillEnding) -> str:
    """Returns what becomes of a bill, and how often it is reminded of."""
    day = "" if ending.letter_at is None else exact_day(local(ending.letter_at).date(), year=False)
    how = say(_HOW[ending.how], day=day)
    if not ending.reminders:
        return how
    return say("{how}, {n} rappel|{how}, {n} rappels", how=how, n=ending.reminders)
