"""Reads what a statement says of itself: account, days, numbers, balances and declared sums."""

from decimal import Decimal

from payments.files.account_statement import AccountBalance, AccountStatement, EntrySums, StatementKind
from payments.files.iso20022.dates import read_day, read_moment
from payments.files.iso20022.elements import Element, child, children, code_or_proprietary, local_name_of, text
from payments.files.iso20022.exact_amount import read_amount
from payments.files.iso20022.parties import read_account
from untrusted.value_parsing import NotAValueError, decimal, truth

#: The element of each kind of statement, in whichever message.
STATEMENTS: dict[str, StatementKind] = {"Stmt": "statement", "Ntfctn": "notification", "Rpt": "report"}


def read_statement_header(element: Element, statement: AccountStatement) -> None:
    """Add what the element has so far to *statement*. It is called before the first entry, and again at the end for
    what stands behind. Raises NotAValueError."""
    statement.kind = STATEMENTS[local_name_of(element)]
    account = child(element, "Acct")
    statement.statement_id = statement.statement_id or text(element, "Id")
    statement.account = statement.account or read_account(account)
    statement.currency = statement.currency or text(account, "Ccy")
    statement.created_at = statement.created_at or read_moment(element, "CreDtTm")
    statement.electronic_sequence = statement.electronic_sequence or text(element, "ElctrncSeqNb")
    statement.legal_sequence = statement.legal_sequence or text(element, "LglSeqNb")
    statement.copy = statement.copy or text(element, "CpyDplctInd")
    _read_pages(element, statement)
    _read_period(child(element, "FrToDt"), statement)
    statement.balances += [_balance(each, statement.currency) for each in children(element, "Bal")]
    _read_declared(child(element, "TxsSummry"), statement.declared)


def _read_pages(element: Element, statement: AccountStatement) -> None:
    for name in ("StmtPgntn", "NtfctnPgntn", "RptPgntn"):
        pages = child(element, name)
        if pages is not None:
            statement.page = text(pages, "PgNb")
            statement.is_last_page = truth(text(pages, "LastPgInd") or "true")


def _read_period(period: Element | None, statement: AccountStatement) -> None:
    if period is not None:
        statement.first_day = read_day(period, "FrDt") or read_day(period, "FrDtTm")
        statement.last_day = read_day(period, "ToDt") or read_day(period, "ToDtTm")


def _balance(element: Element, currency: str) -> AccountBalance:
    amount = read_amount(element, "Amt", currency=currency)
    if amount is None:
        raise NotAValueError("STATEMENT-BALANCE", "a balance has no amount")
    value = -amount.amount if text(element, "CdtDbtInd") == "DBIT" else amount.amount
    code = code_or_proprietary(child(element, "Tp", "CdOrPrtry")) or text(element, "Tp", "Cd")
    return AccountBalance(code, value, amount.currency, read_day(element, "Dt"))


def _read_declared(summary: Element | None, declared: EntrySums) -> None:
    if summary is None:
        return
    every, credit, debit = (child(summary, name) for name in ("TtlNtries", "TtlCdtNtries", "TtlDbtNtries"))
    declared.count, declared.total = _count(every), _number(every, "Sum")
    declared.credit_count, declared.credit_sum = _count(credit), _number(credit, "Sum")
    declared.debit_count, declared.debit_sum = _count(debit), _number(debit, "Sum")
    declared.net = _net(every)


def _count(sums: Element | None) -> int | None:
    written = _number(sums, "NbOfNtries")
    return None if written is None else int(written)


def _number(element: Element | None, name: str) -> Decimal | None:
    written = text(element, name)
    return decimal(written) if written else None


def _net(every: Element | None) -> Decimal | None:
    """Credits less debits: `TtlNetNtryAmt` with its direction, or `TtlNetNtry` from version 4 on."""
    place = child(every, "TtlNetNtry")
    net = _number(every, "TtlNetNtryAmt") if place is None else _number(place, "Amt")
    direction = text(every if place is None else place, "CdtDbtInd")
    return -net if net is not None and direction == "DBIT" else net
