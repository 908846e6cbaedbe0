"""Compares what a statement declares of itself with what was read: sums, balances, batches."""

from collections.abc import Iterator
from decimal import Decimal

from bill import Finding, warning
from payments.files.account_statement import AccountStatement, EntrySums


def check_sums(statement: AccountStatement, every: EntrySums, place: str) -> Iterator[Finding]:
    """Yield a finding for each declared count or sum (`TxsSummry`) that neither the booked entries agree with nor
    *every* entry, pending ones too."""
    declared, booked = statement.declared, statement.seen
    counts = (
        ("NbOfNtries", declared.count, booked.count, every.count),
        ("TtlCdtNtries/NbOfNtries", declared.credit_count, booked.credit_count, every.credit_count),
        ("TtlDbtNtries/NbOfNtries", declared.debit_count, booked.debit_count, every.debit_count),
    )
    for name, said, some, all_of_them in counts:
        if said is not None and said not in (some or 0, all_of_them or 0):
            sentence = "the statement declares {declared} entries ({name}), and has {count}"
            yield warning("STATEMENT-COUNT", sentence, place, name=name, declared=said, count=all_of_them or 0)
    sums = (
        ("Sum", declared.total, booked.total, every.total),
        ("TtlNetNtryAmt", declared.net, booked.net, every.net),
        ("TtlCdtNtries/Sum", declared.credit_sum, booked.credit_sum, every.credit_sum),
        ("TtlDbtNtries/Sum", declared.debit_sum, booked.debit_sum, every.debit_sum),
    )
    for name, total, some_sum, whole_sum in sums:
        found = whole_sum or Decimal(0)
        if total is None or total in (some_sum or 0, found) or (name == "TtlNetNtryAmt" and abs(total) == abs(found)):
            continue
        sentence = "the statement declares a sum of {declared} ({name}), and its entries add up to {sum}"
        yield warning("STATEMENT-SUM", sentence, place, name=name, declared=total, sum=found)


def check_balances(statement: AccountStatement, place: str) -> Iterator[Finding]:
    """Yield a finding when opening balance and booked entries do not give the closing balance (camt.053). A page of a
    longer statement is not asked."""
    opening, closing, net = statement.opening, statement.closing, statement.seen.net or Decimal(0)
    is_whole = statement.page in ("", "1") and statement.is_last_page
    if statement.kind != "statement" or opening is None or closing is None or not is_whole:
        return
    if opening.currency == closing.currency and opening.amount + net != closing.amount:
        sentence = "the opening balance {opening} and entries of {sum} do not give the closing balance {closing}"
        yield warning(
            "STATEMENT-BALANCE", sentence, place, opening=opening.amount, sum=net, closing=closing.amount
        )  # fmt: skip


def add_entry(sums: EntrySums, amount: Decimal, *, is_credit: bool) -> None:
    """Count one more entry."""
    sums.count, sums.total = (sums.count or 0) + 1, (sums.total or Decimal(0)) + amount
    sums.net = (sums.net or Decimal(0)) + (amount if is_credit else -amount)
    if is_credit:
        sums.credit_count, sums.credit_sum = (sums.credit_count or 0) + 1, (sums.credit_sum or Decimal(0)) + amount
    else:
        sums.debit_count, sums.debit_sum = (sums.debit_count or 0) + 1, (sums.debit_sum or Decimal(0)) + amount
