"""What was told of a bill's payments, a line each, for its page: what happened, when, and by whose word."""

from typing import Final

from markupsafe import Markup

from bill import ZERO, AmountDue, Paid
from portal.presenters.amounts_and_dates import exact_day, money
from portal.translation import language, say
from words.catalogue import N_
from words.payment_return_reasons import payment_return_reason

#: What each kind is called.
_TOLD: Final = {
    "received": N_("Paiement de {amount} reçu le {day}, selon {who}"),
    "collected": N_("Prélèvement de {amount} fait le {day}, selon {who}"),
    "returned": N_("Paiement de {amount} repris le {day}, selon {who}"),
    "refused": N_("Prélèvement de {amount} refusé le {day}, selon {who}"),
    "announced": N_("Prélèvement de {amount} remis à la banque pour le {day}, selon {who}"),
    "refunded": N_("Remboursement de {amount} le {day}, selon {who}"),
    "refund_returned": N_("Remboursement de {amount} revenu le {day}, selon {who}"),
}
#: A credit note that the payer deducted.
_DEDUCTED: Final = N_("Déduction de {amount} d’un paiement du {day}, selon {who}")


def payment_lines(due: AmountDue, issuer: str) -> list[Markup]:
    """Returns a line for each payment that the bank or the issuer told of, oldest first."""
    return [_line(each, due.currency, issuer) for each in due.payments if each.by != "customer"]


def _line(paid: Paid, currency: str, issuer: str) -> Markup:
    who = say("la banque de {issuer}", issuer=issuer) if paid.by == "bank" else issuer
    sentence = _DEDUCTED if paid.money < 0 and not paid.is_setback else _TOLD[paid.kind]
    amount = money(abs(paid.amount or ZERO), currency)
    said = Markup("{}").format(say(sentence, amount=amount, day=exact_day(paid.on), who=who))
    reason = payment_return_reason(paid.reason, language())
    return Markup("{} ({})").format(said, reason) if reason else said
