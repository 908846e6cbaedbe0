"""Measures of adoption in words: their units, values and reasons."""

from decimal import Decimal
from typing import Final

from adoption.measures.measure import Measure, MeasureKind, Unit
from adoption.paper.what_stops_paper import remedy_of
from bill import spell_money
from portal.presenters.amounts_and_dates import number, share
from portal.translation import language, say
from words.catalogue import N_

#: What a table of measures of one kind is headed, and what its figure tells.
KIND_WORDS: Final[dict[MeasureKind, tuple[str, str]]] = {
    "level": (N_("Les contrats, à la fin de la journée"), N_("Aujourd’hui")),
    "issued": (N_("Les factures, par date d’émission"), N_("Sur la période")),
    "act": (N_("Ce que font les gens, le jour où ils le font"), N_("Sur la période")),
}
UNIT_WORDS: Final[dict[Unit, str]] = {
    "contracts": N_("contrats"), "bills": N_("factures"), "letters": N_("lettres"), "messages": N_("messages"),
    "acts": N_("actes"), "share": N_("part"), "days": N_("jours"), "EUR": N_("euros"), "sheets": N_("feuilles"),
    "g": N_("grammes"),
}  # fmt: skip
#: Why a claim failed (`consumers.claim_start`).
FAILURE_WORDS: Final = {
    "wrong_code": N_("code faux"), "stale_code": N_("code périmé"), "sign_up": N_("inscription inachevée"),
}  # fmt: skip


def spelled_measure(measure: Measure, value: Decimal | None) -> str:
    """Returns a value of this measure; a dash where nothing can be said."""
    if value is None:
        return "–"
    if measure.unit == "share":
        return share(float(value))
    if measure.unit == "EUR":
        return spell_money(value, "EUR", language())
    return number(round(value)) if measure.unit == "g" else number(value)


def spelled_reason(code: str) -> str:
    """Returns a reason of what is counted by reason."""
    return say(FAILURE_WORDS[code] if code in FAILURE_WORDS else remedy_of(code).name)
