"""The payment terms of a bill in words: discounts for prompt payment, interest on late payment, the issuer's text."""

from markupsafe import Markup

from bill import Bill, EarlyPaymentDiscount, early_payment_discounts
from portal.presenters.amounts_and_dates import exact_day, money, number
from portal.translation import language
from words.number_form import number_form
from words.printed_bill_labels import bill_labels


def payment_terms_text(bill: Bill) -> list[str]:
    """Returns the terms in order, those of a known form as sentences that say what a percentage is of."""
    return [each if isinstance(each, str) else _spell(each, bill.currency) for each in early_payment_discounts(bill)]


def _spell(offer: EarlyPaymentDiscount, currency: str) -> Markup:
    labels = bill_labels(language())
    pattern = labels.discount if offer.kind == "discount" else labels.interest
    base = labels.rest_due if offer.base is None else money(offer.base, currency)
    return Markup(pattern).format(  # noqa: S704 -- our own sentence; `format` escapes the values
        percent=number(offer.percent) + number_form(language()).percent,
        base=base,
        less="" if offer.less is None else money(offer.less, currency),
        amount="" if offer.amount is None else money(offer.amount, currency),
        day=exact_day(offer.day),
    )
