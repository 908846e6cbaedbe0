"""What issuers print themselves: a page or more a bill, alone or in one stream, and the index beside them."""

import io
from collections.abc import Sequence
from decimal import Decimal

from reportlab.pdfgen.canvas import Canvas

PEOPLE = {"Alice": "C-ALICE", "Bob": "C-BOB", "Charlie": "C-CHARLIE"}

#: How Eaux du Val tells us where its pages are; `[pages]` comes before.
INDEX = """
[delimited]
delimiter = ";"
decimal = ","
dates = "%Y-%m-%d"
lines_per_bill = "one"
[delimited.columns]
number = "facture"
issue_date = "date"
payable = "montant"
"buyer.id" = "client"
"buyer.name" = "nom"
"buyer.line1" = "rue"
"buyer.postcode" = "cp"
"buyer.city" = "ville"
[delimited.constants]
currency = "EUR"
"""


def profile(pages: str, *columns: str) -> str:
    """A profile whose `[pages]` says this, and whose index has these further columns (`term = "heading"`)."""
    head, rest = INDEX.split("[delimited.constants]")
    return f"[pages]\n{pages}\n{head}" + "\n".join(columns) + f"\n[delimited.constants]{rest}"


def index(rows: Sequence[tuple[str, str]], **columns: Sequence[object]) -> bytes:
    """An index of (number, person), with further columns."""
    heads = ["facture", "date", "montant", "client", "nom", "rue", "cp", "ville", *columns]
    lines = [";".join(heads)]
    for place, (number, person) in enumerate(rows):
        more = [str(values[place]) for values in columns.values()]
        amount = f"{Decimal(31) + place:.2f}".replace(".", ",")
        client = PEOPLE.get(person, person)
        lines.append(
            ";".join([number, "2026-03-02", amount, client, person, "1 quai de Loire", "49000", "Angers", *more])
        )
    return "\n".join(lines).encode() + b"\n"


def stream(*bills: tuple[str, str, int], bookmarks: bool = False, marks: str = "all", cover: int = 0) -> bytes:
    """One PDF of bills (number, person, pages). *marks*: whether `all` pages, or only the `first`, bear the number."""
    file = io.BytesIO()
    canvas = Canvas(file, invariant=True, pageCompression=1)
    for _ in range(cover):
        canvas.drawString(60, 780, "Lot de mars, 1 sur 1")
        canvas.showPage()
    for number, person, pages in bills:
        for page in range(pages):
            if bookmarks and page == 0:
                canvas.bookmarkPage(number)
                canvas.addOutlineEntry(f"Facture {number}", number)
            if marks == "all" or page == 0:
                canvas.drawString(60, 780, f"Facture n° {number}")
            canvas.drawString(60, 760, f"{person}, page {page + 1}")
            canvas.drawString(60, 740, f"Consommation d'eau de {person} : {17 + page} m3")
            canvas.showPage()
    canvas.save()
    return file.getvalue()


def printed(number: str, person: str, pages: int = 1) -> bytes:
    """One bill's own PDF."""
    return stream((number, person, pages))
