"""Measures how fast a bill is rendered (PDF/A-3a, tagged, with XML and QR code), beside other tools with the same bill.

    python -m bench.render [rounds]

All sides run interleaved over the same bills, all different; medians of the rounds, in seconds of CPU. The machine's
speed cancels out: only the ratio is promised. The peers: reportlab's platypus, a plain PDF, with `rl_accel` and with
the QR code (40 times slower at least, 100 aimed at); WeasyPrint, PDF/A-3b with XML (200, 500); typst, the same (25,
60). The measured files are checked (`bench.output_checks`): structure, XML by the schema, QR code read back.
"""

import gc
import io
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from decimal import Decimal
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from PIL import Image, ImageDraw

from bench.output_checks import check
from bench.peers.platypus_page import Platypus
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
from render.compiled_template import Template, compile_template
from store.blobs.folder_blobs import FolderBlobs
from store.feeds.chunk import CHUNK_SIZE
from store.vault.encryption import Encryptor
from store.vault.key_ring import KeyRing
from store.vault.pdf_segment import write_segment

LINES: Final = 12
#: How many of our bills are measured a round, and how many of them are checked.
OURS, CHECKED = 400, 10
_IBAN: Final = "FR7630006000011234567890189"


class Side(NamedTuple):
    """A way to make a PDF of a bill, and the number of bills a round so that it runs about as long as ours."""

    name: str
    pdf_of: Callable[[Bill], bytes]
    bills: int


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    brand = _brand()
    template = compile_template(brand)
    bills = [bill(number) for number in range(OURS)]
    sides = [Side("ours, PDF/A-3a, XML, QR", template.suffix, OURS), *_peers(brand)]
    print(f"a bill of {LINES} lines, medians of {rounds} interleaved rounds; rl_accel {_accelerated()}")
    times = [[_seconds(side, number) for side in sides] for number in range(1, rounds + 1)]
    medians = [median(side) for side in zip(*times, strict=True)]
    suffixes = [template.suffix(each) for each in bills]
    for each, suffix in list(zip(bills, suffixes, strict=True))[:: OURS // CHECKED]:
        check(template.prefix + suffix, each)
    own = sum(map(len, suffixes)) // OURS
    whole = len(template.prefix) + own
    for side, seconds in zip(sides, medians, strict=True):
        size = f"{len(side.pdf_of(bills[0]))} bytes" if side is not sides[0] else f"{whole} bytes"
        print(
            f"  {side.name:28} {1 / seconds:7.1f} /s/core   ours is {seconds / medians[0]:6.1f} times as fast   {size}"
        )
    stored = stored_bytes([template.parts(each) for each in bills[:CHUNK_SIZE]])
    print(f"  stored {stored:.0f} bytes a bill, 1/{whole / stored:.1f} of the file; of a suffix of {own}")
    print(f"  {CHECKED} of the measured files checked: whole")
    print(f"  a second process gives {_gain():.2f} times as much")


def stored_bytes(bills: list[list[bytes]]) -> float:
    """Return the bytes that a chunk of these bills, given in parts, adds to the store for each bill: encrypted, in one
    segment."""
    encryptor = Encryptor(KeyRing(b"a secret"))
    key = encryptor.encrypt_key(os.urandom(32))
    with TemporaryDirectory() as folder:
        blobs = FolderBlobs(Path(folder))
        places = write_segment(blobs, encryptor, [(n, n, key, parts) for n, parts in enumerate(bills)])
        return len(blobs.read(places[0].sha256)) / len(bills)


def _peers(brand: Brand) -> list[Side]:
    """Return the peers that are installed (`pip install -e .[bench]`); the others are named on stdout."""
    platypus = Platypus(brand)
    sides = [Side("platypus, no QR", partial(platypus.pdf_of, qr=False), 10), Side("platypus", platypus.pdf_of, 10)]
    if find_spec("weasyprint"):
        from bench.peers.weasyprint_page import WebPage

        sides.append(Side("WeasyPrint, PDF/A-3b, XML", WebPage(brand).pdf_of, 1))
    if find_spec("typst"):
        from bench.peers.typst_page import TypstPage

        sides.append(Side("typst, PDF/A-3b, XML", TypstPage(brand).pdf_of, 10))
    missing = [name for name in ("weasyprint", "typst") if not find_spec(name)]
    if missing:
        print(f"skipped, for want of a package: {', '.join(missing)}")
    return sides


def _gain() -> float:
    """Return how much more two processes do than one in the same wall clock time."""
    with ProcessPoolExecutor(2, initializer=_begin) as pool:
        list(pool.map(_work, [OURS] * 4))
        alone, both = [], []
        for _ in range(5):
            began = time.perf_counter()
            pool.submit(_work, 2 * OURS).result()
            middle = time.perf_counter()
            for each in [pool.submit(_work, 2 * OURS) for _ in range(2)]:
                each.result()
            alone.append(middle - began)
            both.append(time.perf_counter() - middle)
    return 2 * median(alone) / median(both)


_worker: list[tuple[Template, list[Bill]]] = []


def _begin() -> None:
    _worker.append((compile_template(_brand()), [bill(number) for number in range(OURS)]))


def _work(count: int) -> None:
    template, bills = _worker[0]
    for number in range(count):
        template.suffix(bills[number % OURS])


def bill(number: int) -> Bill:
    """Return the n-th bill: one page, twelve lines, VAT, a transfer with QR code."""
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


def _seconds(side: Side, round_number: int) -> float:
    """Return the seconds of CPU a bill, of all threads. Each round has new bills, because typst and our code cache.
    Each side pays for its own garbage only, and starts with its own code in the processor's caches."""
    first = round_number * 1000
    bills = [bill(number) for number in range(first, first + side.bills + 1)]
    side.pdf_of(bills[-1])
    gc.collect()
    gc.freeze()
    began = time.process_time()
    for each in bills[:-1]:
        side.pdf_of(each)
    ended = time.process_time()
    gc.unfreeze()
    return (ended - began) / side.bills


def _accelerated() -> str:
    try:
        import _rl_accel  # noqa: F401
    except ImportError:
        return "is missing: install it for a fair comparison"
    return "in use"


if __name__ == "__main__":
    main()
