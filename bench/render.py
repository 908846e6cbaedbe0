"""How fast a bill is rendered: ours (PDF/A-3b with XML and QR) against reportlab's platypus (a plain PDF).

    python -m bench.render [rounds]

Both sides run interleaved over the same bills, all different; medians of the rounds. The machine's speed cancels out:
only the ratio is promised (40 times at least, 100 times aimed at), against platypus without PDF/A, XML and QR code.
"""

import io
import sys
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from statistics import median
from typing import Final

from PIL import Image, ImageDraw

from bench.platypus import Platypus
from bill import (
    Bill,
    Brand,
    CreditTransfer,
    Identifier,
    Line,
    Party,
    Payment,
    PostalAddress,
    Totals,
    VatBreakdown,
)
from render import compile_template

LINES: Final = 12
#: A platypus bill takes about fifty of ours: both sides should run about as long.
OURS, THEIRS = 400, 10
_IBAN: Final = "FR7630006000011234567890189"


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    brand = _brand()
    template, platypus = compile_template(brand), Platypus(brand)
    bills = [bill(number) for number in range(OURS)]
    few = bills[:THEIRS]
    without_code = partial(platypus.pdf_of, qr=False)
    times = [
        (_seconds(template.suffix, bills), _seconds(without_code, few), _seconds(platypus.pdf_of, few))
        for _ in range(rounds)
    ]
    ours, plain, with_code = (median(side) for side in zip(*times, strict=True))
    suffix = sum(len(template.suffix(each)) for each in bills) // len(bills)
    whole = len(template.prefix) + suffix
    print(f"a bill of {LINES} lines, medians of {rounds} interleaved rounds; rl_accel {_accelerated()}")
    _say("ours, PDF/A-3b, XML, QR", ours, ours, f"{whole} bytes, {suffix} of them (1/{whole / suffix:.1f}) stored")
    _say("platypus", plain, ours, f"{len(without_code(bills[0]))} bytes")
    _say("platypus with QR", with_code, ours, f"{len(platypus.pdf_of(bills[0]))} bytes")


def _say(what: str, seconds: float, ours: float, size: str) -> None:
    print(f"  {what:24} {1 / seconds:7.1f} /s/core   ours is {seconds / ours:6.1f} times as fast   {size}")


def bill(number: int) -> Bill:
    """The n-th bill: one page, twelve lines, VAT, a transfer with its QR code."""
    amounts = [Decimal(number % 97 + 3 * place) + Decimal("0.25") for place in range(LINES)]
    net = sum(amounts, Decimal(0))
    vat = round(net / 5, 2)
    return Bill(
        number=f"LO-2026-11-{number:06}", issue_date=date(2026, 11, 4), due_date=date(2026, 12, 3), currency="EUR",
        contract=f"CT-{number:06}", seller=_SELLER, buyer=_buyer(number),
        lines=tuple(_line(place, amount) for place, amount in enumerate(amounts, 1)),
        totals=Totals(payable=net + vat, gross=net + vat, net=net, vat=vat, lines=net),
        vat=(VatBreakdown(category="S", rate=Decimal(20), taxable=net, vat=vat),),
        payment=Payment(means_code="58", remittance=f"LO-2026-11-{number:06}", transfers=(CreditTransfer(iban=_IBAN),)),
    )  # fmt: skip


def _line(place: int, amount: Decimal) -> Line:
    return Line(
        id=str(place), name=f"Électricité, tranche {place}", quantity=amount * 4, unit="KWH",
        net_price=Decimal("0.25"), net_amount=amount, vat_category="S", vat_rate=Decimal(20),
    )  # fmt: skip


def _buyer(number: int) -> Party:
    address = PostalAddress(line1=f"{number} rue des Lilas", postcode="44000", city="Nantes", country="FR")
    return Party(name=f"Alice Martin {number}", identifiers=(Identifier(value=f"C-{number:06}"),), address=address)


_SELLER: Final = Party(
    name="Lumière de l’Ouest", legal_id=Identifier(value="732829320", scheme="0002"), vat_id="FR44732829320",
    address=PostalAddress(line1="4 quai de la Fosse", postcode="44000", city="Nantes", country="FR"),
)  # fmt: skip


def _brand() -> Brand:
    mark = Image.new("RGB", (600, 170), "white")
    ImageDraw.Draw(mark).ellipse((0, 0, 169, 169), fill="#0b5c6b")
    logo = io.BytesIO()
    mark.save(logo, "PNG")
    return Brand(
        name=_SELLER.name, colour="#0b5c6b", logo=logo.getvalue(), sender=_SELLER, tagline="L’électricité d’ici",
        help_lines=("02 61 91 10 10", "du lundi au samedi, 8 h à 20 h"),
        legal_text="Votre contrat se résilie à tout moment et sans frais. Médiateur de l’énergie : saisine gratuite.",
        message="Toutes vos factures au même endroit : le code de cette lettre ouvre votre espace en une minute.",
    )  # fmt: skip


def _seconds(render: Callable[[Bill], bytes], bills: list[Bill]) -> float:
    """Seconds of CPU a bill."""
    began = time.process_time()
    for each in bills:
        render(each)
    return (time.process_time() - began) / len(bills)


def _accelerated() -> str:
    try:
        import _rl_accel  # noqa: F401
    except ImportError:
        return "is missing: install it for a fair comparison"
    return "in use"


if __name__ == "__main__":
    main()
