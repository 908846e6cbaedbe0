"""The pages of docs/bills.md, made anew: what the demo's issuers send, drawn, printed and painted.

    python -m tests.golden_pages [FOLDER]

A page is a whole road in small: a contract of the demo's cast, its bill with two years of history, the issuer's brand,
and, for paper, the print stream as the print house gets it.
"""

import dataclasses
import io
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace
from PIL import Image

from bill import (
    Bill,
    Brand,
    CreditTransfer,
    History,
    Identifier,
    Instalment,
    Line,
    MailPieceNumber,
    Overlay,
    Party,
    Payment,
    account_label,
    account_number_of,
    envelope_lines,
    round_money,
    span_of,
)
from consumers.claim_code import claim_code
from demo.billing.bill_totals import line, numbered, totals_and_vat, under
from demo.billing.billing_calendar import Billing
from demo.billing.feed_mishaps import credit_notes
from demo.check_digits import french_iban
from demo.formats import print_stream_pdf
from demo.issuer import BANK, ELECTRICITY, TELECOM, WATER, DemoIssuer
from demo.month_arithmetic import later, months_between
from demo.people.contract import Contract, contracts
from demo.people.population import people
from demo.seeded_random import random_by_name
from issuers.profile import brand_of, read_logo
from render.compiled_template import compile_template
from render.print.print_stream import PrintStream
from render.print.read_letter_pages import read_pages

FOLDER = Path(__file__).parent.parent / "docs" / "pictures" / "pages"
DOTS = 105  # an inch
COLOURS = 256
OCTOBER = date(2026, 10, 1)
#: Pages of the print stream, which nobody archives; all others are of archived bills.
ON_PAPER = frozenset({"paper", "carrier", "own-page"})
_SECRET = b"of the golden pages"


class Page(NamedTuple):
    """A page to look at: of a PDF, the one with this number, from 1."""

    pdf: bytes
    number: int = 1


def pages() -> dict[str, Callable[[], Page]]:
    """Every page, by the name of its picture."""
    return {
        "first-page": lambda: Page(_drawn(*_billed("alice", ELECTRICITY))),
        "direct-debit": lambda: Page(_drawn(*_billed("camille", TELECOM, is_debited=True))),
        "credit-note": lambda: Page(_drawn(_credit_note(), History(), _brand(ELECTRICITY))),
        "long-bill": lambda: Page(_drawn(_long_bill(), History(), _brand(TELECOM)), 2),
        "company": lambda: Page(_drawn(*_company())),
        "english": lambda: Page(_drawn(*_english())),
        "instalments": lambda: Page(_drawn(*_in_instalments())),
        "giro": lambda: Page(_drawn(_by_giro(), History(), _brand(WATER))),
        "exempt": lambda: Page(_drawn(*_billed("alice", BANK, later(OCTOBER, -1)))),
        "serif": lambda: Page(_drawn(*_in_serif())),
        "paper": lambda: Page(_paper()),
        "carrier": lambda: Page(_own_pages(), 1),
        "own-page": lambda: Page(_own_pages(), 2),
    }


# -- bills -------------------------------------------------------------------------------------------------------


def _contract(person: str, issuer: DemoIssuer) -> Contract:
    """A contract of the demo's cast."""
    cast = people(1, 7, later(OCTOBER, -12))
    return next(each for each in contracts(cast) if (each.person.key, each.issuer) == (person, issuer))


def _billed(
    person: str, issuer: DemoIssuer, month: date = OCTOBER, *, is_debited: bool = False
) -> tuple[Bill, History, Brand]:
    """The bill of a month, and those of the two years before."""
    contract = _contract(person, issuer)
    if is_debited:
        contract = dataclasses.replace(contract, iban=french_iban(10_000_000), mandate=f"MP{contract.number}")
    months = list(months_between(later(month, -24), month))[:: -issuer.months]
    *past, this = [Billing(issuer, each, 1).bills([contract])[0] for each in reversed(months)]
    return this, History(spans=tuple(map(span_of, past)), seen=len(past)), _brand(issuer)


def _brand(issuer: DemoIssuer) -> Brand:
    logo = read_logo(issuer.profile_path.parent, issuer.profile.brand.logo)
    return brand_of(issuer.profile, issuer.name, logo)


def _in_serif() -> tuple[Bill, History, Brand]:
    bill, history, brand = _billed("alice", ELECTRICITY)
    return bill, history, replace(brand, typeface="serif")


def _credit_note() -> Bill:
    bill, _, _ = _billed("alice", ELECTRICITY)
    return credit_notes([bill] * 3)[0]


def _in_instalments() -> tuple[Bill, History, Brand]:
    """A bill of water, to be paid in three parts, and less of it by those who pay soon."""
    bill, _, brand = _billed("charlie", WATER)
    part = round_money(bill.totals.payable / 3)
    amounts = (part, part, bill.totals.payable - 2 * part)
    days = (date(2026, 12, 12), date(2027, 1, 12), date(2027, 2, 12))
    plan = tuple(Instalment(amount=amount, due=day) for amount, day in zip(amounts, days, strict=True))
    return replace(bill, instalments=plan, terms="#SKONTO#TAGE=10#PROZENT=2.00#"), History(), replace(brand, message="")


def _by_giro() -> Bill:
    """A bill of works in groups, to an account that is no IBAN."""
    bill, _, _ = _billed("charlie", WATER)
    rows = (
        ("1", "", "GROUP", "Raccordement", ""), ("1.1", "1", "DETAIL", "Tranchée, 6 m", "240.00"),
        ("1.2", "1", "DETAIL", "Regard et compteur", "180.00"),
        ("1.3", "1", "INFORMATION", "Compteur, déjà compris", "65.00"),
        ("2", "", "GROUP", "Remise en état", ""), ("2.1", "2", "DETAIL", "Enrobé, 4 m²", "160.00"),
    )  # fmt: skip
    lines = tuple(
        line(name, 1, "C62", Decimal(amount), "20", id=number, parent=parent, kind=kind)
        if amount else Line(id=number, kind=kind, name=name, net_amount=Decimal(420 if number == "1" else 160))
        for number, parent, kind, name, amount in rows
    )  # fmt: skip
    totals, vat = totals_and_vat([each for each in lines if each.counts])
    account = CreditTransfer(iban="5050-1055", bic="SE:BANKGIRO")
    payment = Payment(means_code="30", remittance="1234567890123452", transfers=(account,))
    return replace(bill, lines=lines, totals=totals, vat=vat, payment=payment, payments=(), currency="EUR")


def _long_bill() -> Bill:
    """Every call of a month abroad, one by one."""
    bill, _, _ = _billed("alice", TELECOM)
    lines = numbered([*bill.lines, *_calls()])
    totals, vat = totals_and_vat(lines)
    return replace(bill, lines=lines, totals=totals, vat=vat)


def _calls() -> Iterator[Line]:
    rng = random_by_name("calls")
    for day in range(1, 32):
        for hour in sorted(rng.sample(range(8, 22), rng.randint(2, 4))):
            at, whom = time(hour, rng.randrange(60)), rng.choice(("Irlande", "Portugal", "Québec", "Suisse", "Maroc"))
            name = f"Appel du {OCTOBER.replace(day=day):%d/%m} à {at:%H h %M}, {whom}"
            yield from under("Hors forfait", line(name, rng.randint(1, 34), "MIN", Decimal("0.1917"), "20"))


def _company() -> tuple[Bill, History, Brand]:
    """A workshop's bill: whose legal invoice its platform has."""
    bill, history, brand = _billed("charlie", ELECTRICITY)
    buyer = Party(
        name="Menuiserie Charlie Durand SARL", legal_id=Identifier(value="552100554", scheme="0002"),
        vat_id="FR36552100554", address=bill.buyer.address,
    )  # fmt: skip
    return replace(bill, buyer=buyer, order="BC-2026-118", buyer_reference="Atelier"), history, brand


def _english() -> tuple[Bill, History, Brand]:
    """The same house for those who read English: the fixed words are ours, the rest is the issuer's."""
    bill, history, brand = _billed("camille", ELECTRICITY)
    lines: list[Line] = []
    for each in bill.lines:
        group = each.attributes[0].value
        lines += under(_ENGLISH[group], replace(each, name=_ENGLISH[each.name], attributes=()))
    brand = replace(
        brand, language="en", tagline="Power from around here", unit_names=(),
        help_lines=("02 61 91 10 10, Monday to Saturday, 8 am to 8 pm", "Power cut: 02 61 91 10 99, day and night"),
        message="From 1 December your meter tells us itself what it counts.",
        legal_text="You may end your contract at any time and at no cost. Ombudsman for energy: free of charge. Paper "
        "bills are free and yours for the asking at any time.",
    )  # fmt: skip
    return replace(bill, lines=tuple(lines), terms="No discount for early payment."), history, brand


_ENGLISH = {
    "Puissance souscrite 6 kVA": "6 kVA supply",
    "Toutes heures": "All hours",
    "Heures pleines": "Day rate",
    "Heures creuses": "Night rate",
    "Accise sur l’électricité": "Excise duty on electricity",
    "Contribution tarifaire d’acheminement": "Network levy",
    "Abonnement": "Standing charge",
    "Consommation": "Electricity used",
    "Taxes et contributions": "Taxes and levies",
}


# -- PDFs --------------------------------------------------------------------------------------------------------


def _drawn(bill: Bill, history: History, brand: Brand) -> bytes:
    template = compile_template(brand)
    return template.prefix + template.suffix(bill, history)


def _paper() -> bytes:
    """A letter of the print stream, as the print house gets it."""
    bill, history, brand = _billed("charlie", ELECTRICITY)
    template = compile_template(brand)
    return _printed(template.prefix, template.suffix(bill, history), bill, brand)


def _own_pages() -> bytes:
    """A letter of an issuer that prints its bills itself: a page with the address goes in front."""
    bill, _, brand = _billed("charlie", WATER)
    return _printed(b"", print_stream_pdf.stream([bill]), bill, brand)


def _numbered(bill: Bill, brand: Brand) -> dict[str, str]:
    number = account_number_of(bill, brand.account_term or None)
    assert number is not None
    return {
        "account": number.value,
        "account_label": account_label(number.term, brand.language, brand.account_label),
    }


def _printed(prefix: bytes, suffix: bytes, bill: Bill, brand: Brand) -> bytes:
    code = claim_code(_SECRET, 4711)
    overlay = Overlay(
        address=envelope_lines(bill.buyer.name, bill.buyer.address), sender=brand.name,
        return_address=envelope_lines(brand.name, brand.sender.address), claim_code=code,
        claim_url=f"https://factures.example/c/{code}", language=brand.language,
        **_numbered(bill, brand),
    )  # fmt: skip
    file = io.BytesIO()
    stream = PrintStream(file)
    stream.add(prefix, read_pages(prefix, suffix).body, overlay, MailPieceNumber(231, 1847, 4212))
    stream.close()
    return file.getvalue()


# -- pictures ----------------------------------------------------------------------------------------------------


def painted(page: Page) -> Image.Image:
    """The page as poppler paints it, in few colours."""
    poppler = shutil.which("pdftoppm")
    if poppler is None:
        raise FileNotFoundError("pdftoppm is not here (Debian: apt-get install poppler-utils)")
    arguments = [poppler, "-r", str(DOTS), "-png", "-f", str(page.number), "-l", str(page.number), "-"]
    png = subprocess.run(arguments, input=page.pdf, capture_output=True, check=True).stdout
    return Image.open(io.BytesIO(png)).quantize(COLOURS, dither=Image.Dither.NONE)


def main(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in pages().items():
        path = folder / f"{name}.png"
        painted(page()).save(path, optimize=True)
        print(f"{path} {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
