"""The means of payment that a bill states, whatever is due of it now (EN 16931 BG-16 to BG-19), and its instalments."""

from collections.abc import Iterator

from markupsafe import Markup

from bill import (
    AmountDue,
    Bill,
    PayeeAccount,
    Payment,
    grouped,
    hide_iban,
    payee_accounts,
    payment_means_of,
    payments_of,
    spell_payment_means,
)
from portal.consumers.presenters.bill_page.bill_facts import FactGroup, group_of
from portal.presenters.amounts_and_dates import exact_day, money
from portal.translation import language, say
from words.bill_term_labels import term_labels
from words.printed_bill_labels import bill_labels


def bill_payment_means(bill: Bill, due: AmountDue) -> list[FactGroup]:
    """Returns one group. Accounts to pay to are named only while somebody is asked to pay: what is paid must not be
    paid twice. The customer's own account is masked."""
    return group_of(bill_labels(language()).means, (), _means(bill, due))


def _means(bill: Bill, due: AmountDue) -> Iterator[tuple[str, str]]:
    for payment in payments_of(bill):
        yield from _one(payment)
    if due.is_asking:
        yield from _other_accounts(bill, due)
    for part in bill.instalments:
        said = (exact_day(part.due) if part.due else "", money(part.amount, bill.currency), part.text)
        yield say("Échéance"), Markup(" · ").join(filter(None, said))


def _other_accounts(bill: Bill, due: AmountDue) -> Iterator[tuple[str, str]]:
    """Yield the accounts that one may pay to beside the one that the page asks to pay to."""
    shown = due.how.account if due.how else None
    if shown and not (shown.bic or shown.bank or shown.scheme):
        yield from (("BIC", each.bic) for each in bill.payment.transfers[:1])  # as written, though it is none
    for _, account, name in payee_accounts(bill):
        if account != shown:
            yield term_labels(language()).other_account, _spell_account(account, name)


def _spell_account(account: PayeeAccount, name: str) -> str:
    is_iban = account.iban or account.is_wrong
    number = grouped(account.iban or account.number) if is_iban else f"{account.scheme} {account.number}".strip()
    bic = f"BIC {account.bic}" if account.bic else ""
    bank = f"{bill_labels(language()).bank} {account.bank}" if account.bank else ""
    return " · ".join(filter(None, (number, bic, bank, name)))


def _one(payment: Payment) -> Iterator[tuple[str, str]]:
    labels, terms = bill_labels(language()), term_labels(language())
    if way := payment_means_of(payment.means_code):
        yield labels.means, spell_payment_means(way, language())
    yield labels.means, payment.means_text
    yield labels.reference, payment.remittance
    yield labels.mandate, payment.mandate
    yield labels.creditor, payment.creditor_id
    yield labels.debit_account, hide_iban(payment.debited_iban)
    yield terms.card, " ".join(filter(None, (payment.card_number, payment.card_holder)))
