"""An archive's `index.html`: its bills for people to read, by contract and year, newest first, each with its files.

The page is whole by itself: its style is in it, it asks nothing of any server and opens from a folder (`file://`). It
is written piece by piece, however many bills there are.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Final
from urllib.parse import quote

from bill import spell_money
from pipeline.bill_archives.archive_entry import ArchiveEntry, shown
from pipeline.bill_archives.archive_summary import ArchiveSummary, SummedBills
from pipeline.bill_archives.zip_records import ArchivedFile
from words.catalogue import say
from words.written_dates import written_date

STYLE: Final = Path(__file__).with_name("index.css").read_text("utf-8")
#: Nothing but this page is fetched, and nothing in it runs.
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def index_page(
    bills: Iterable[ArchiveEntry], summary: ArchiveSummary, made_on: date, language: str
) -> Iterator[bytes]:  # fmt: skip
    """The page, in UTF-8, piece by piece. *bills* by contract, newest first."""
    yield _head(summary, made_on, language).encode()
    years = groupby(bills, key=lambda each: (each.account_id, each.issue_date.year))
    last_account = 0
    for (account_id, year), of_year in years:
        if account_id != last_account:
            yield (("</section>" if last_account else "") + _contract(summary, account_id, language)).encode()
            last_account = account_id
        yield _year(summary.years[account_id, year], year, language).encode()
        for bill in of_year:
            yield _row(bill, language).encode()
        yield b"</tbody></table></section>\n"
    yield (("</section>" if last_account else "") + _foot(language)).encode()


def _head(summary: ArchiveSummary, made_on: date, language: str) -> str:
    title = escape(say("Vos factures", language))
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f'<meta name="color-scheme" content="light dark"><title>{title}</title><style>{STYLE}</style></head>\n'
        f"<body><main><header><h1>{title}</h1><p>{escape(_what(summary, made_on, language))}</p>"
        f"{_sums(summary, language)}</header>{_left_out(summary, language)}{_contents(summary, language)}\n"
    )


def _what(summary: ArchiveSummary, made_on: date, language: str) -> str:
    number = _bills(summary.whole.bills, language)
    day = written_date(made_on, language)
    if summary.first is None or summary.last is None:
        return say("Archive du {day} : {bills}.", language, day=day, bills=number)
    first, last = written_date(summary.first, language), written_date(summary.last, language)
    return say(
        "Archive du {day} : {bills}, du {first} au {last}.", language, day=day, bills=number, first=first, last=last
    )


def _bills(number: int, language: str) -> str:
    return say("{n} document|{n} documents", language, n=number)


def _sums(summary: ArchiveSummary, language: str) -> str:
    name = escape(say("Total, avoirs déduits", language))
    amounts = "".join(f"<dd>{_money(summary.whole, each, language)}</dd>" for each in sorted(summary.whole.totals))
    return f'<dl class="total"><dt>{name}</dt>{amounts}</dl>' if amounts else ""


def _money(sums: SummedBills, currency: str, language: str) -> str:
    return escape(spell_money(sums.totals[currency], currency, language))


def _left_out(summary: ArchiveSummary, language: str) -> str:
    if not summary.left_out:
        return ""
    said = escape(say("Ces fichiers n’ont pas pu être lus et manquent dans l’archive :", language))
    rows = "".join(
        f"<li>{escape(shown(bill.issuer))}, {escape(shown(bill.number))} : {escape(what)}</li>"
        for bill, what in summary.left_out
    )
    return f'<div class="notice"><p>{said}</p><ul>{rows}</ul></div>'


def _contents(summary: ArchiveSummary, language: str) -> str:
    if len(summary.accounts) < 2:
        return ""
    name = escape(say("Vos contrats", language))
    rows = "".join(
        f'<li><a href="#c{n}">{escape(_contract_name(summary, each))}</a> '
        f"<span>{escape(_about(summary.accounts[each], language))}</span></li>"
        for n, each in enumerate(summary.accounts, 1)
    )
    return f'<nav aria-label="{name}"><ul>{rows}</ul></nav>'


def _contract_name(summary: ArchiveSummary, account_id: int) -> str:
    issuer, number = summary.names[account_id]
    return shown(f"{issuer}, {number}" if number else issuer)


def _about(sums: SummedBills, language: str) -> str:
    amounts = [spell_money(sums.totals[each], each, language) for each in sorted(sums.totals)]
    return ", ".join([_bills(sums.bills, language), *amounts])


def _contract(summary: ArchiveSummary, account_id: int, language: str) -> str:
    n = list(summary.accounts).index(account_id) + 1
    about = escape(_about(summary.accounts[account_id], language))
    return (
        f'\n<section aria-labelledby="c{n}"><h2 id="c{n}">{escape(_contract_name(summary, account_id))}</h2>'
        f"<p>{about}</p>\n"
    )


def _year(sums: SummedBills, year: int, language: str) -> str:
    heads = [
        say("Émise le", language), say("Document", language), say("Montant", language),
        say("À payer avant le", language), say("Fichiers", language),
    ]  # fmt: skip
    cells = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    return (
        f'<section class="year"><table><caption><h3>{year}</h3> <span>{escape(_about(sums, language))}</span></caption>'
        f"<thead><tr>{cells}</tr></thead><tbody>\n"
    )


def _row(bill: ArchiveEntry, language: str) -> str:
    due = written_date(bill.due_date, language) if bill.due_date else ""
    amount = escape(spell_money(bill.amount, bill.currency, language))
    files = " ".join(_link(each, bill, language) for each in bill.files)
    return (
        f'<tr><td><time datetime="{bill.issue_date}">{escape(written_date(bill.issue_date, language))}</time></td>'
        f'<th scope="row">{escape(bill.title)} {escape(shown(bill.number))}</th><td class="amount">{amount}</td>'
        f'<td data-name="{escape(say("À payer avant le", language))}">{escape(due)}</td><td>{files}</td></tr>\n'
    )


def _link(file: ArchivedFile, bill: ArchiveEntry, language: str) -> str:
    """A link to a file; what it is of is said to those who do not see where it stands."""
    name = file.path.rpartition("/")[2]
    for ending, kind in ((" CII.xml", "CII"), (" UBL.xml", "UBL"), (".pdf", "PDF")):
        if file.path.count("/") == 2 and name.endswith(ending):
            name = kind
            break
    of = escape(say("de {number}", language, number=shown(bill.number)))
    return f'<a href="{escape(quote(file.path))}">{escape(name)}<span class="unseen"> {of}</span></a>'


def _foot(language: str) -> str:
    said = say(
        "Le même index pour un tableur : index.csv ; pour un programme : index.json. SHA256SUMS permet de vérifier "
        "que rien n’a changé ; le fichier README.txt dit comment.",
        language,
    )
    return f"<footer><p>{escape(said)}</p></footer></main></body></html>\n"
