"""The seller's identity line in the foot of page one: name, legal form, numbers, address, as the law
requires; and its contact."""

from functools import lru_cache
from typing import Final

from bill import Bill, Party
from bill.labelled_identifier import spell_registration
from bill.spelled_address import postal_lines
from render.canvas.page_canvas import PageCanvas
from render.canvas.page_geometry import FOOT_LINE, LEFT, RIGHT, mm
from render.style.brand_text_styles import FINE_ROW
from render.style.page_style import PageStyle
from render.type.printable_text import printable
from render.type.typesetting import TextStyle
from words.identifier_labels import identifier_label

#: The first line leaves room for the page's number.
_ROOMS: Final = (RIGHT - LEFT - mm(25), RIGHT - LEFT)
_BETWEEN: Final = " · "


def draw_identity(bill: Bill, page_style: PageStyle, canvas: PageCanvas) -> None:
    """Draw the identity line, as an artifact of two lines at most, in the foot of page one."""
    fine = page_style.styles.fine
    for row, line in enumerate(_set_of(bill, page_style)[0]):
        canvas.text(fine, LEFT, FOOT_LINE + row * FINE_ROW, line)


def not_in_the_foot(bill: Bill, page_style: PageStyle) -> tuple[str, ...]:
    """Return the parts of the seller's identity that its lines have no room for; they stand above."""
    return _set_of(bill, page_style)[1]


def _set_of(bill: Bill, page_style: PageStyle) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lines of the foot, and the parts that did not fit. The country is named to a buyer in another."""
    country, language = bill.seller.address.country, page_style.language
    home = country if bill.buyer.address.country in ("", country) else ""
    return _set(bill.seller, home, language, page_style.styles.fine)


@lru_cache(maxsize=256)
def _set(seller: Party, home: str, language: str, fine: TextStyle) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the lines of the foot, and the parts that did not fit. No part is cut or broken."""
    lines, left = [""], []
    for part in _parts(seller, home, language):
        longer = _BETWEEN.join(filter(None, (lines[-1], part)))
        if fine.width(longer) <= _ROOMS[len(lines) - 1]:
            lines[-1] = longer
        elif len(lines) < len(_ROOMS) and fine.width(part) <= _ROOMS[len(lines)]:
            lines[-1] += _BETWEEN.rstrip()
            lines.append(part)
        else:
            left.append(part)
    return tuple(lines), tuple(left)


def _parts(seller: Party, home: str, language: str) -> list[str]:
    parts = (
        seller.name,
        *seller.legal_form.splitlines(),
        spell_registration(seller, language),
        f"{identifier_label('VAT', language)} {seller.vat_id}" if seller.vat_id else "",
        ", ".join(postal_lines(seller.address, home, language)),
        *((seller.contact and (seller.contact.name, seller.contact.phone, seller.contact.email)) or ()),
    )
    return list(dict.fromkeys(printable(part) for part in parts if part))
