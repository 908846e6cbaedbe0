"""The notice on a letter about what has changed since its bill was issued: credited, replaced, paid, what is left to
pay."""

from typing import Final, NamedTuple

from bill import AmountDue
from render.style import number_format

#: At most this many bill numbers are named, with at most so many characters each.
MOST: Final = 3
_LONGEST: Final = 36


class _DueWords(NamedTuple):
    """Sentence templates of one language. `{bills}` are the numbers of credit notes or corrected invoices, `{amount}`
    is what is left to pay."""

    credited: str
    credited_by_many: str
    replaced: str
    left: str
    left_of_many: str
    collected: str
    paid: str
    said_paid: str
    together: str


_WORDS: Final = {
    "fr": _DueWords(
        "Facture annulée par l’avoir {bills} : rien à payer.", "Facture annulée par les avoirs {bills} : rien à payer.",
        "Facture remplacée par la facture {bills} : ne payez pas celle-ci.",
        "Avoir {bills} déduit : il reste {amount} à payer.", "Avoirs {bills} déduits : il reste {amount} à payer.",
        "Déduction faite de {bills}, {amount} seront prélevés.", "Facture payée : plus rien à payer.",
        "Vous avez indiqué avoir payé cette facture.", "et",
    ),
    "en": _DueWords(
        "Bill cancelled by credit note {bills}: nothing to pay.",
        "Bill cancelled by credit notes {bills}: nothing to pay.",
        "Bill replaced by bill {bills}: do not pay this one.",
        "Credit note {bills} deducted: {amount} left to pay.", "Credit notes {bills} deducted: {amount} left to pay.",
        "After {bills}, {amount} will be collected.", "Bill paid: nothing left to pay.",
        "You told us that you have paid this bill.", "and",
    ),
    "de": _DueWords(
        "Rechnung durch Gutschrift {bills} storniert: nichts zu zahlen.",
        "Rechnung durch Gutschriften {bills} storniert: nichts zu zahlen.",
        "Rechnung ersetzt durch Rechnung {bills}: diese bitte nicht zahlen.",
        "Gutschrift {bills} abgezogen: noch {amount} zu zahlen.",
        "Gutschriften {bills} abgezogen: noch {amount} zu zahlen.", "Nach Abzug von {bills} werden {amount} abgebucht.",
        "Rechnung bezahlt: nichts mehr zu zahlen.", "Sie haben angegeben, diese Rechnung bezahlt zu haben.", "und",
    ),
    "nl": _DueWords(
        "Factuur geannuleerd door creditnota {bills}: niets te betalen.",
        "Factuur geannuleerd door creditnota’s {bills}: niets te betalen.",
        "Factuur vervangen door factuur {bills}: betaal deze niet.",
        "Creditnota {bills} afgetrokken: nog {amount} te betalen.",
        "Creditnota’s {bills} afgetrokken: nog {amount} te betalen.",
        "Na aftrek van {bills} wordt {amount} afgeschreven.",
        "Factuur betaald: niets meer te betalen.", "U hebt aangegeven dat u deze factuur hebt betaald.", "en",
    ),
    "es": _DueWords(
        "Factura anulada por el abono {bills}: nada que pagar.",
        "Factura anulada por los abonos {bills}: nada que pagar.",
        "Factura sustituida por la factura {bills}: no pague esta.",
        "Abono {bills} deducido: quedan {amount} por pagar.", "Abonos {bills} deducidos: quedan {amount} por pagar.",
        "Descontado {bills}, se cobrarán {amount}.", "Factura pagada: nada más que pagar.",
        "Usted indicó que pagó esta factura.", "y",
    ),
}  # fmt: skip


def amount_due_notice(due: AmountDue, language: str, most: int = MOST) -> str:
    """Return one sentence on what has changed since the bill was issued; "" where nothing has. *language* is one of the
    five page languages; at most *most* of the bills that changed it are named, at least one."""
    words = _WORDS.get(language, _WORDS["fr"])
    return _sentence(due, words).format(
        bills=_listed(_numbers(due, most), words.together),
        amount=number_format.money(due.left, due.currency, language),
    )


def _sentence(due: AmountDue, words: _DueWords) -> str:
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
        case "asks" if due.credited:
            return words.left_of_many if are_many else words.left
    return ""


def _numbers(due: AmountDue, most: int) -> list[str]:
    """Return the numbers of at most *most* bills, each shortened so that all fit."""
    shown = [each.number if len(each.number) <= _LONGEST else f"{each.number[:_LONGEST]}…" for each in due.by]
    return shown if len(shown) <= most else [*shown[: max(most - 1, 1)], "…"]


def _listed(words: list[str], together: str) -> str:
    *first, last = words or [""]
    return f"{', '.join(first)} {together} {last}" if first else last
