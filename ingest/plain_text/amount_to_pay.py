"""Finds what a bill asks, and in which currency. An amount is sure only if the document says it twice in different
words, or adds up to it. Pure."""

import re
from decimal import Decimal
from typing import Final, NamedTuple

from bill.document_reading import FoundValue, TermReading, sure, unsure
from ingest.plain_text.written_amount import amounts_in

_PAYABLE: Final = re.compile(
    r"(?:(?:montant|total|net|reste|somme|solde) (?:total )?(?:(?:ttc )?[àa] (?:payer|r[ée]gler)|d[ûu])|"
    r"montant (?:d[ûu]|pr[ée]lev[ée])|net [àa] payer|(?:total )?amount (?:due|payable)|total due|balance due|"
    r"total to pay|amount to pay|zahlbetrag|zu zahlen(?:der betrag)?|zahlungsbetrag|f[äa]lliger betrag)",
    re.IGNORECASE,
)
_GROSS: Final = re.compile(
    r"(?:total (?:g[ée]n[ée]ral )?\(?(?:ttc|t\.t\.c\.?)|montant (?:total )?ttc|(?:grand|invoice) total|"
    r"total (?:\S )?incl(?:\.|uding)? (?:vat|tax)|total \(?incl|total amount|total price|gesamtbetrag|"
    r"rechnungsbetrag|bruttosumme|endbetrag|gesamtsumme|bruttobetrag|rechnungssumme brutto|"
    r"^\s*total\b(?! (?:ht|net|tva|h\.t|vat|tax|excl|hors|without)))",
    re.IGNORECASE,
)
_NET: Final = re.compile(
    r"(?:total (?:net )?(?:ht|h\.t\.?|hors ta)|montant (?:total )?ht|sub\s?-?total|total excl|net amount|nettobetrag|"
    r"nettosumme|rechnungssumme (?:ohne|netto)|zwischensumme)",
    re.IGNORECASE,
)
_TAX: Final = re.compile(
    r"(?:\btva\b|\btaxes?\b|\bvat\b|\bust\b|mwst|steuerbetrag|\bgst\b|umsatzsteuer)", re.IGNORECASE
)
#: Something was paid, credited or owed before: what is billed may not be what is asked.
_ELSE: Final = re.compile(
    r"(?:acompte|d[ée]j[àa] (?:pay|r[ée]gl|vers)|solde (?:ant[ée]rieur|pr[ée]c[ée]dent)|report\b|anzahlung|"
    r"vorauszahlung|prepa(?:id|yment)|deposit|previous balance|amount paid|paid amount|"
    r"bereits (?:ge|be)zahlt|arri[ée]r|impay[ée]|factures? pr[ée]c[ée]dente|(?:your|last) payments?|payments? received|"
    r"paiements? re[çc]u|brought forward|erhaltene|guthaben|mensualit|[ée]ch[ée]ancier|instal?ment|ratenzahlung)",
    re.IGNORECASE,
)
_SIGNS: Final = {
    "EUR": r"€|\bEUR\b|\beuros?\b", "USD": r"US\$|\bUSD\b", "GBP": r"£|\bGBP\b", "CHF": r"\bCHF\b",
    "INR": r"₹|\bINR\b", "PLN": r"\bPLN\b|\bzł\b", "SEK": r"\bSEK\b", "DKK": r"\bDKK\b",
    "NOK": r"\bNOK\b", "CAD": r"\bCAD\b|CA\$", "AUD": r"\bAUD\b|AU\$", "JPY": r"\bJPY\b", "XPF": r"\bXPF\b|\bCFP\b",
    "CZK": r"\bCZK\b|\bKč\b", "HUF": r"\bHUF\b", "RON": r"\bRON\b", "BRL": r"R\$|\bBRL\b", "MAD": r"\bMAD\b",
}  # fmt: skip
#: Signs that several currencies have, and those that some of them may stand for.
_SHARED: Final = {
    r"(?<![A-Z])\$": ("USD", "CAD", "AUD"), r"[¥￥]": ("JPY", "CNY"), r"\bRs\.?(?=\s?\d)": ("INR",),
    r"\d\s?kr\b|\bkr\.?\s?\d": ("SEK", "DKK", "NOK"), r"\bSFr\b|\bFr\.\s?\d|\d\s?Fr\.": ("CHF",),
}  # fmt: skip
#: Money of elsewhere, beside a number.
_ELSEWHERE: Final = (
    r"(?:F\s?CFA|XOF|XAF|TND|DT|DZD|DA|DH|Dhs?|MGA|MUR|CNY|RMB|HKD|SGD|NZD|MXN|ZAR|AED|SAR|ILS|TRY|RUB|UAH|BGN|ISK|KRW|"
    r"THB|IDR|MYR|PHP|VND|EGP|NGN|KES|ARS|CLP|COP|PEN|RSD|ALL|GEL|BAM|MKD|PKR|LKR|BDT|HTG|[₽₺₪₩₫฿₦₴₱₲₡₵]|Ft|lei|лв)"
)
_elsewhere: Final = re.compile(rf"\d\s?{_ELSEWHERE}(?!\w)|(?<!\w){_ELSEWHERE}\s?\d")
#: What a law or a company says in its own money, whatever is billed.
_SMALL_PRINT: Final = re.compile(r"\bcapital\b|indemnit|p[ée]nalit|stammkapital|late fee", re.IGNORECASE)


class _Said(NamedTuple):
    """An amount at the end of a line with a label of these kinds."""

    amount: Decimal
    line: str
    is_sure: bool
    is_whole: bool


def amount_in(lines: list[str]) -> TermReading:
    """What is to be paid: sure if it is said twice, in different words or as net and tax that add up to it, and nothing
    says that something was paid or owed before."""
    payable, gross = _said(lines, _PAYABLE), _said(lines, _GROSS, besides=_PAYABLE)
    others = [FoundValue(f"{each.amount}", line.strip()[:160]) for line in lines for each in amounts_in(line)]
    offered = unsure([*(_found(each) for each in (*payable, *gross)), *sorted(others, key=_largest)][:6])
    amounts = {each.amount for each in (*payable, *gross)}
    if len(amounts) != 1 or any(_ELSE.search(line) for line in lines):
        return offered
    amount, said = amounts.pop(), [*payable, *gross]
    is_twice = bool(payable and gross) and all(each.is_sure for each in said)
    is_sum = all(each.is_whole for each in said) and _adds_up(lines, amount)
    if amount <= 0 or not (is_twice or is_sum):
        return offered
    return sure(_found(said[0]))


def may_be_credit(lines: list[str]) -> bool:
    """Whether a total is less than nothing, or has a sign that may mean so."""
    totals = [*_said(lines, _PAYABLE), *_said(lines, _GROSS)]
    return any(each.amount < 0 or not each.is_whole for each in totals)


def currency_in(text: str) -> TermReading:
    """The currency: sure if the document names one alone, by a sign that no other has, and not in small print only."""
    billed = "\n".join(line for line in text.splitlines() if not _SMALL_PRINT.search(line))
    found = [FoundValue(code) for code, signs in _SIGNS.items() if re.search(signs, text)]
    shared = [FoundValue(code) for sign, codes in _SHARED.items() if re.search(sign, text) for code in codes]
    is_billed = len(found) == 1 and re.search(_SIGNS[found[0].value], billed)
    if is_billed and not _elsewhere.search(text) and found[0] in (shared or found):
        return sure(found[0])
    return unsure([*found, *shared])


def _said(lines: list[str], label: re.Pattern[str], besides: re.Pattern[str] | None = None) -> list[_Said]:
    said = []
    for line in lines:
        found = label.search(line)
        if found is None or (besides is not None and besides.search(line)):
            continue
        after = [each for each in amounts_in(line) if each.start >= found.end()]
        if after:
            last = after[-1]
            said.append(_Said(last.amount, line.strip(), last.is_sure and len(after) == 1, last.is_whole))
    return said


def _adds_up(lines: list[str], amount: Decimal) -> bool:
    """Whether an amount labelled as net and amounts labelled as tax are the amount together."""
    nets, taxes = (
        {each.amount for each in _said(lines, _NET) if each.is_whole},
        {each.amount for each in _said(lines, _TAX, besides=_GROSS) if each.is_whole},
    )
    taxes |= {Decimal(0)} if not taxes else set()
    return any(net > 0 and tax > 0 and net + tax == amount for net in nets for tax in taxes)


def _found(said: _Said) -> FoundValue:
    return FoundValue(f"{said.amount}", said.line[:160])


def _largest(value: FoundValue) -> Decimal:
    return -Decimal(value.value)
