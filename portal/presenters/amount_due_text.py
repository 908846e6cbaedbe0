"""The amount due of a bill (`bill.AmountDue`) in a few words with a tone, for pages, lists and staff."""

from decimal import Decimal
from typing import NamedTuple

from bill import AmountDue, spell_money
from portal.presenters.amounts_and_dates import day, exact_day
from portal.translation import language, say


class AmountDueText(NamedTuple):
    """Words and a tone: `ask` where the reader has to act, `good`, or `plain`."""

    text: str
    tone: str


def amount_due_text(due: AmountDue, *, short: bool = False, is_current: bool = True) -> AmountDueText:
    """Returns the payment status in words; *short* for a list. *is_current* false: the bill is so old that its payment
    is neither expected nor known."""
    if due.is_asking:
        return AmountDueText(_asked(due, short=short), "ask" if is_current else "plain")
    if due.overpaid and not due.left:
        amount = spell_money(due.overpaid, due.currency, language())
        return AmountDueText(say("payé {amount} de trop", amount=amount), "good")
    match due.kind:
        case "credit":
            return AmountDueText(say("avoir"), "good")
        case "nothing":
            return AmountDueText(say("rien à payer"), "plain")
        case "credited":
            return AmountDueText(say("annulée") if short else say("annulée par un avoir"), "good")
        case "replaced":
            return AmountDueText(say("remplacée"), "plain")
        case "paid" | "refunded":
            return AmountDueText(say("payée") if due.kind == "paid" else say("remboursé"), "good")
        case "set_off":
            return AmountDueText(say("déduit de votre paiement"), "good")
        case "said_paid":
            return AmountDueText(say("indiquée payée") if short else say("vous avez indiqué l’avoir payée"), "good")
    return AmountDueText(_collected(due, short=short), "plain")


def figure_of(due: AmountDue, payable: Decimal) -> Decimal:
    """Returns the amount to show large: the next amount due, else what the bill was for (*payable*); negative in the
    reader's favour."""
    if due.amount:
        return due.amount
    if due.kind in {"refunded", "set_off"}:
        return -abs(payable)
    return -due.favour if due.kind == "credit" else payable


def _collected(due: AmountDue, *, short: bool) -> str:
    """A direct debit whose day has passed is told as planned: nobody reports that it was collected."""
    if due.due is None:
        return say("prélèvement automatique")
    if due.is_past:
        return say("prélèvement prévu {when}", when=day(due.due, "on", short=short))
    return say("prélevé {when}", when=day(due.due, "on", short=short))


def _asked(due: AmountDue, *, short: bool) -> str:
    if due.setback is not None:
        return say("paiement rejeté") if short else say("paiement rejeté, de nouveau à payer")
    if due.paid and short and not due.is_past:
        return say("reste à payer")
    if due.due is None:
        return say("à payer")
    if due.is_past:
        return say("échéance passée") if short else say("échéance passée : {when}", when=exact_day(due.due))
    return say("à payer {when}", when=day(due.due, "" if short else "by", short=short))
