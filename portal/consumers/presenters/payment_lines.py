"""What was told of a bill's payments, a line each, for its page: what happened, when, by whose word, told when."""

from collections.abc import Collection
from datetime import date
from typing import Final

from markupsafe import Markup

from bill import ZERO, AmountDue, Paid
from portal.presenters.amounts_and_dates import exact_day, local, money
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


def payment_lines(due: AmountDue, issuer: str, by_provider: Collection[tuple[str, date]] = ()) -> list[Markup]:
    """Returns a line for each payment that the bank, the issuer or its payment provider told of, oldest first.
    *by_provider*: the kind and the day of each movement that the provider told."""
    told = (each for each in due.payments if each.by != "customer")
    return [_line(each, due.currency, _who(each, issuer, by_provider)) for each in told]


def _who(paid: Paid, issuer: str, by_provider: Collection[tuple[str, date]]) -> str:
    if paid.by == "bank":
        return say("la banque de {issuer}", issuer=issuer)
    if (paid.kind, paid.on) in by_provider:
        return say("le service de paiement de {issuer}", issuer=issuer)
    return issuer


def _line(paid: Paid, currency: str, who: str) -> Markup:
    sentence = _DEDUCTED if paid.money < 0 and not paid.is_setback else _TOLD[paid.kind]
    amount = money(abs(paid.amount or ZERO), currency)
    said = Markup("{}").format(say(sentence, amount=amount, day=exact_day(paid.on), who=who))
    notes = [each for each in (payment_return_reason(paid.reason, language()), _told_later(paid)) if each]
    return Markup("{} ({})").format(said, Markup(", ").join(notes)) if notes else said


def _told_later(paid: Paid) -> str:
    """The day we were told, where it is another than that of the movement."""
    told = paid.told_at and local(paid.told_at).date()
    return say("communiqué le {day}", day=exact_day(told)) if told and told > paid.on else ""
