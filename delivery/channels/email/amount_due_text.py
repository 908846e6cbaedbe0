"""Writes what is due of a bill for e-mails: the amount, the due date, or why nothing is asked. French and English."""

from collections.abc import Sequence
from decimal import Decimal

from bill import ZERO, AmountDue, spell_money
from delivery.channels.email.email_message import one_line
from words.written_dates import written_date


def amount_due_text(due: AmountDue, language: str) -> str:
    """Return one or more sentences on what is due as of now. *language* is `en` or, for anything else, French."""
    said = _english(due) if language == "en" else _french(due)
    return " ".join([said, *_past(due, language), *_deducted(due, language)])


def _french(due: AmountDue) -> str:
    amount = _money(due.amount, due, "fr")
    match due.kind:
        case "credit":
            return f"Montant en votre faveur : {_money(due.favour, due, 'fr')}."
        case "credited":
            by = f"{_credit_notes_fr(due)} {_numbers(due, 'et')}"
            return f"Annulée par {by}. Vous n’avez rien à payer pour celle-ci."
        case "replaced":
            return f"Remplacée par la facture {_numbers(due, 'et')}. Vous n’avez rien à payer pour celle-ci."
        case "paid":
            return "Elle est payée. Vous n’avez rien à payer."
        case "said_paid":
            return "Vous avez indiqué l’avoir payée."
        case "nothing":
            return f"Montant : {amount}. Vous n’avez rien à payer."
        case "collected":
            on = f" le {written_date(due.due)}" if due.due else ""
            return f"Montant : {amount}, prélevé{on}{_later(due, 'fr')}. Vous n’avez rien à faire."
    if due.is_past and due.due:
        return f"Montant à payer : {amount}. Échéance passée : c’était le {written_date(due.due)}."
    by = f", au plus tard le {written_date(due.due)}" if due.due else ""
    return f"Montant à payer : {amount}{by}{_later(due, 'fr')}."


def _english(due: AmountDue) -> str:
    amount = _money(due.amount, due, "en")
    match due.kind:
        case "credit":
            return f"Amount in your favour: {_money(due.favour, due, 'en')}."
        case "credited":
            notes = "credit note" if len(due.by) == 1 else "credit notes"
            return f"Cancelled by {notes} {_numbers(due, 'and')}. There is nothing to pay for this one."
        case "replaced":
            return f"Replaced by bill {_numbers(due, 'and')}. There is nothing to pay for this one."
        case "paid":
            return "It is paid. There is nothing to pay."
        case "said_paid":
            return "You said that you have paid it."
        case "nothing":
            return f"Amount: {amount}. There is nothing to pay."
        case "collected":
            on = f" on {written_date(due.due, 'en')}" if due.due else ""
            return f"Amount: {amount}, collected by direct debit{on}{_later(due, 'en')}. There is nothing to do."
    if due.is_past and due.due:
        return f"Amount to pay: {amount}. It is past its due date: that was {written_date(due.due, 'en')}."
    by = f", by {written_date(due.due, 'en')}" if due.due else ""
    return f"Amount to pay: {amount}{by}{_later(due, 'en')}."


def _later(due: AmountDue, language: str) -> str:
    """The instalments after the next, each with its day: `, puis 40,00 € le 31 décembre 2026`."""
    then, on, together = ("then", "on", "and") if language == "en" else ("puis", "le", "et")
    parts = [
        f"{_money(each.amount, due, language)}{f' {on} {written_date(each.due, language)}' if each.due else ''}"
        for each in due.instalments[1:]
    ]
    return f", {then} {_listed(parts, together)}" if parts else ""


def _past(due: AmountDue, language: str) -> list[str]:
    """The overdue instalments, besides the one that is asked for."""
    past = due.past[:-1] if due.is_past else due.past
    if not due.is_asking or not past:
        return []
    together = "and" if language == "en" else "et"
    days = _listed([written_date(each.due, language) for each in past if each.due], together)
    amount = _money(sum((each.amount for each in past), ZERO), due, language)
    if language == "en":
        return [f"Past its due date, unless you have paid it: {amount} ({days})."]
    return [f"Échéance passée, sauf si vous l’avez payée : {amount} ({days})."]


def _deducted(due: AmountDue, language: str) -> list[str]:
    """Credit notes that are already deducted from what is left."""
    if not due.credited or not (due.is_asking or due.is_collected):
        return []
    amount = _money(due.credited, due, language)
    if language == "en":
        notes = "Credit note" if len(due.by) == 1 else "Credit notes"
        return [f"{notes} {_numbers(due, 'and')} ({amount}) {'is' if len(due.by) == 1 else 'are'} taken off already."]
    notes = _credit_notes_fr(due)
    off = "est déjà déduit" if len(due.by) == 1 else "sont déjà déduits"
    return [f"{notes[0].upper()}{notes[1:]} {_numbers(due, 'et')} ({amount}) {off}."]


def _credit_notes_fr(due: AmountDue) -> str:
    return "l’avoir" if len(due.by) == 1 else "les avoirs"


def _numbers(due: AmountDue, together: str) -> str:
    return _listed([one_line(each.number) for each in due.by], together)


def _listed(words: Sequence[str], together: str) -> str:
    """Join words as a sentence does: `A, B et C`."""
    *first, last = words or [""]
    return f"{', '.join(first)} {together} {last}" if first else last


def _money(amount: Decimal, due: AmountDue, language: str) -> str:
    return spell_money(amount, due.currency, language)
