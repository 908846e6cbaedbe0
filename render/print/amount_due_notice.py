"""The notice on a letter about what has changed since its bill was issued: credited, replaced, paid, what is left to
pay."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from bill import AmountDue
from render.style import number_format
from words.listed_words import listed
from words.printed_label import L_, labels_in

#: At most this many bill numbers are named, with at most so many characters each.
MOST: Final = 3
_LONGEST: Final = 36


@dataclass(frozen=True, slots=True)
class _DueLabels:
    """Sentence templates in French; the other languages are in the catalogue `printed`. `{bills}` are the numbers of
    credit notes or corrected invoices, `{amount}` is what is left to pay."""

    credited: str = L_("Facture annulée par l’avoir {bills} : rien à payer.")
    credited_by_many: str = L_("Facture annulée par les avoirs {bills} : rien à payer.")
    replaced: str = L_("Facture remplacée par la facture {bills} : ne payez pas celle-ci.")
    left: str = L_("Avoir {bills} déduit : il reste {amount} à payer.")
    left_of_many: str = L_("Avoirs {bills} déduits : il reste {amount} à payer.")
    collected: str = L_("Déduction faite de {bills}, {amount} seront prélevés.")
    paid: str = L_("Facture payée : plus rien à payer.")
    paid_in_part: str = L_("Paiement reçu : il reste {amount} à payer.")
    returned: str = L_("Le paiement a été rejeté par la banque : {amount} restent à payer.")
    said_paid: str = L_("Vous avez indiqué avoir payé cette facture.")


@cache
def _due_labels(language: str) -> _DueLabels:
    return labels_in(_DueLabels, language)


def amount_due_notice(due: AmountDue, language: str, most: int = MOST) -> str:
    """Return one sentence on what has changed since the bill was issued; "" where nothing has. *language* is one of the
    five page languages; at most *most* of the bills that changed it are named, at least one."""
    words = _due_labels(language)
    return _sentence(due, words).format(
        bills=listed(_numbers(due, most), language),
        amount=number_format.money(due.left, due.currency, language),
    )


def _sentence(due: AmountDue, words: _DueLabels) -> str:
    are_many = len(due.by) > 1
    match due.kind:
        case "credited":
            return words.credited_by_many if are_many else words.credited
        case "replaced":
            return words.replaced
        case "paid":
            return words.paid
        case "said_paid":
            return words.said_paid
        case "collected" if due.credited:
            return words.collected
        case "asks" if due.setback:
            return words.returned
        case "asks" if due.paid and not due.credited:
            return words.paid_in_part
        case "asks" if due.credited:
            return words.left_of_many if are_many else words.left
    return ""


def _numbers(due: AmountDue, most: int) -> list[str]:
    """Return the numbers of at most *most* bills, each shortened so that all fit."""
    shown = [each.number if len(each.number) <= _LONGEST else f"{each.number[:_LONGEST]}…" for each in due.by]
    return shown if len(shown) <= most else [*shown[: max(most - 1, 1)], "…"]
