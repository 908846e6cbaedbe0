"""Measures of the ledger (`adoption.costs.ledger`): at an issuer's own price of a letter, or at public prices."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from adoption.costs.ledger import LEDGER_COUNTS, Ledger, LedgerPrices, ledger_of
from adoption.measures.measure import ENGINE, Counts, Measure, Unit
from words.catalogue import N_


def _line(code: str, name: str, formula: str, unit: Unit, line: Callable[[Ledger], Decimal | int]) -> Measure:
    """A measure that is one line of the ledger."""

    def reckon(counts: Counts, prices: LedgerPrices) -> Decimal:
        return Decimal(line(ledger_of(counts, prices)))

    return Measure(code, name, formula, unit, "issued", LEDGER_COUNTS, reckon, ENGINE, is_priced=True)


OF_MONEY: Final[tuple[Measure, ...]] = (
    _line(
        "euros_saved", N_("Euros économisés"),
        N_("Lettres évitées par choix, moins les lettres de secours, les messages et les invitations, aux prix dits"
           " plus bas."),
        "EUR", lambda ledger: ledger.saved,
    ),
    _line(
        "euros_avoided", N_("Euros de lettres évitées"),
        N_("Une lettre pour chaque facture sans lettre par choix."), "EUR", lambda ledger: ledger.avoided,
    ),
    _line(
        "euros_fallback", N_("Euros de lettres de secours"),
        N_("Les lettres parties quand même pour ces factures, avec celles qui en remplacent une autre."), "EUR",
        lambda ledger: ledger.fallback,
    ),
    _line(
        "euros_messages", N_("Euros de messages"), N_("Annonces et rappels, par courriel et par SMS."), "EUR",
        lambda ledger: ledger.messages,
    ),
    _line(
        "euros_invitations", N_("Euros d’invitations"),
        N_("Ce que les campagnes ont envoyé, au prix qu’elles disent, le jour de l’envoi."), "EUR",
        lambda ledger: ledger.invitations,
    ),
    _line(
        "sheets_saved", N_("Feuilles épargnées"),
        N_("Une feuille pour chaque facture sans lettre par choix, moins une pour chaque lettre de secours."), "sheets",
        lambda ledger: ledger.sheets,
    ),
    _line(
        "carbon_low", N_("CO2 épargné, au moins"),
        N_("Lettres épargnées à l’estimation la plus basse, moins les messages à la plus haute."), "g",
        lambda ledger: ledger.carbon_low,
    ),
    _line(
        "carbon_high", N_("CO2 épargné, au plus"),
        N_("Lettres épargnées à l’estimation la plus haute, moins les messages à la plus basse."), "g",
        lambda ledger: ledger.carbon_high,
    ),
)  # fmt: skip
