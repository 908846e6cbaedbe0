"""Writes what is due of a bill for e-mails: the amount, the due date, or why nothing is asked."""

from decimal import Decimal

from bill import ZERO, AmountDue, spell_money
from delivery.channels.email.email_message import one_line
from delivery.channels.email.email_text import AmountFigure
from words.catalogue import say
from words.listed_words import listed
from words.payment_return_reasons import payment_return_reason
from words.written_dates import written_date


def amount_due_text(due: AmountDue, language: str) -> str:
    """Return one or more sentences on what is due as of now, in this language."""
    return " ".join(
        [
            *_setback(due, language),
            _said(due, language),
            *_past(due, language),
            *_deducted(due, language),
            *_overpaid(due, language),
        ]
    )


def amount_figure(due: AmountDue, language: str) -> AmountFigure | None:
    """Return the amount to be set large in place of its sentence in `amount_due_text`; None where there is none to pay
    or to get."""
    label, amount, below = "", due.amount, ""
    later = _later(due, language)
    day = written_date(due.due, language) if due.due else ""
    if due.kind == "credit":
        label, amount = say("En votre faveur", language), due.favour
    elif due.kind == "collected" and day:
        label = say("Prélevé", language)
        below = say("le {day}{later}. Vous n’avez rien à faire.", language, day=day, later=later)
    elif due.is_asking and day:
        label = say("À payer", language)
        below = say("au plus tard le {day}{later}", language, day=day, later=later)
        if due.is_past:
            below = say("échéance passée : c’était le {day}", language, day=day)
    elif due.is_asking and not later:
        label = say("À payer", language)
    if not label:
        return None
    return AmountFigure(said=_said(due, language), label=label, amount=_money(amount, due, language), below=below)


def _said(due: AmountDue, language: str) -> str:
    return _settled(due, language) or _collected(due, language) or _asked(due, language)


def _setback(due: AmountDue, language: str) -> list[str]:
    """That a payment was refused or came back, if that is why the bill is asked for."""
    if due.setback is None:
        return []
    reason = payment_return_reason(due.setback.reason, language)
    day = written_date(due.setback.on, language)
    if due.setback.kind == "refused":
        said = say("Le prélèvement du {day} n’a pas abouti.", language, day=day)
    else:
        said = say("Le paiement a été rejeté par la banque le {day}.", language, day=day)
    return [said, say("Motif : {reason}.", language, reason=reason)] if reason else [said]


def _settled(due: AmountDue, language: str) -> str:
    """Why nothing is asked; "" when something is."""
    count, numbers = len(due.by), _numbers(due, language)
    match due.kind:
        case "credit":
            favour = _money(due.favour, due, language)
            return say("Montant en votre faveur : {amount}.", language, amount=favour)
        case "credited":
            return say(
                "Annulée par l’avoir {numbers}. Vous n’avez rien à payer pour celle-ci."
                "|Annulée par les avoirs {numbers}. Vous n’avez rien à payer pour celle-ci.",
                language, n=count, numbers=numbers,
            )  # fmt: skip
        case "replaced":
            return say(
                "Remplacée par la facture {numbers}. Vous n’avez rien à payer pour celle-ci."
                "|Remplacée par les factures {numbers}. Vous n’avez rien à payer pour celle-ci.",
                language, n=count, numbers=numbers,
            )  # fmt: skip
        case "paid":
            return say("Elle est payée. Vous n’avez rien à payer.", language)
        case "said_paid":
            return say("Vous avez indiqué l’avoir payée.", language)
        case "refunded":
            return say("Il vous a été remboursé.", language)
        case "set_off":
            return say("Il est déduit de votre paiement.", language)
        case "nothing":
            amount = _money(due.amount, due, language)
            return say("Montant : {amount}. Vous n’avez rien à payer.", language, amount=amount)
    return ""


def _collected(due: AmountDue, language: str) -> str:
    if due.kind != "collected":
        return ""
    amount, later = _money(due.amount, due, language), _later(due, language)
    if due.due is None:
        return say(
            "Montant : {amount}, prélevé{later}. Vous n’avez rien à faire.", language, amount=amount, later=later
        )
    return say(
        "Montant : {amount}, prélevé le {day}{later}. Vous n’avez rien à faire.",
        language, amount=amount, day=written_date(due.due, language), later=later,
    )  # fmt: skip


def _asked(due: AmountDue, language: str) -> str:
    amount, later = _money(due.amount, due, language), _later(due, language)
    if due.due is None:
        return say("Montant à payer : {amount}{later}.", language, amount=amount, later=later)
    day = written_date(due.due, language)
    if due.is_past:
        return say("Montant à payer : {amount}. Échéance passée : c’était le {day}.", language, amount=amount, day=day)
    return say(
        "Montant à payer : {amount}, au plus tard le {day}{later}.", language, amount=amount, day=day, later=later
    )


def _later(due: AmountDue, language: str) -> str:
    """The instalments after the next, each with its day: `, puis 40,00 € le 31 décembre 2026`."""
    parts = [
        say("{amount} le {day}", language, amount=amount, day=written_date(each.due, language)) if each.due else amount
        for each in due.instalments[1:]
        for amount in [_money(each.amount, due, language)]
    ]
    return say(", puis {parts}", language, parts=listed(parts, language)) if parts else ""


def _past(due: AmountDue, language: str) -> list[str]:
    """The overdue instalments, besides the one that is asked for."""
    past = due.past[:-1] if due.is_past else due.past
    if not due.is_asking or not past:
        return []
    days = listed([written_date(each.due, language) for each in past if each.due], language)
    amount = _money(sum((each.amount for each in past), ZERO), due, language)
    said = say("Échéance passée, sauf si vous l’avez payée : {amount} ({days}).", language, amount=amount, days=days)
    return [said]


def _deducted(due: AmountDue, language: str) -> list[str]:
    """Payments and credit notes that are already deducted from what is left."""
    if not (due.is_asking or due.is_collected):
        return []
    received = [say("Déjà reçu : {amount}.", language, amount=_money(due.paid, due, language))] if due.paid else []
    if not due.credited:
        return received
    said = say(
        "L’avoir {numbers} ({amount}) est déjà déduit.|Les avoirs {numbers} ({amount}) sont déjà déduits.",
        language, n=len(due.by), numbers=_numbers(due, language), amount=_money(due.credited, due, language),
    )  # fmt: skip
    return [*received, said]


def _overpaid(due: AmountDue, language: str) -> list[str]:
    """What was paid more than the bill asks."""
    if not due.overpaid:
        return []
    return [say("Vous avez payé {amount} de trop.", language, amount=_money(due.overpaid, due, language))]


def _numbers(due: AmountDue, language: str) -> str:
    return listed([one_line(each.number) for each in due.by], language)


def _money(amount: Decimal, due: AmountDue, language: str) -> str:
    return spell_money(amount, due.currency, language)
