"""How to pay: the transfer with its QR code, or the direct debit with its mandate, or nothing; and whom to ask."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from bill import Bill, as_issued, pay_link
from codes.symbol import Symbol
from render.colour import LINE
from render.draft import Draft
from render.epc import epc_qr, payable_account, payee_name
from render.flow import Flow
from render.look import Look
from render.manner import DETAIL_ROW
from render.page import COLUMN, COLUMNS, LEFT, RIGHT, Box, mm, wide
from render.plain import plain
from render.squares import stencil
from render.wrap import shorten, wrap

_QR_SIDE: Final = mm(30)
_TOP: Final = mm(10.5)
_STEP: Final = mm(7.8)
_WITH_CODE: Final = _TOP + _QR_SIDE + mm(5.5)
_HELP_COLUMN: Final = 3
#: BT-83 has 140 characters; so many lines hold them.
_MOST_LINES: Final = 4
_LABEL: Final = mm(2.6)
_VALUE: Final = mm(6.4)
#: What a page may lead to: the web, and nothing that a program would run.
_LINKED: Final = re.compile(r"https?://[!-'*-\[\]-~]+\Z")


#: What the place of a value depends on: its label, how many columns it takes, whether it leads somewhere.
Kind = tuple[str, int, bool]


class Said(NamedTuple):
    """A label, its value, and where the value leads, if anywhere."""

    label: str
    value: str
    address: str = ""


class Slip(NamedTuple):
    """What the foot of the last page says of paying: its head, its code, its values; and how high it is with whom to
    ask."""

    head: str
    symbol: Symbol | None
    said: list[Said]
    outline: tuple[Kind, ...]
    height: int

    @property
    def first(self) -> int:
        """The column where values begin: beside a code, or where it would be."""
        return 1 if self.symbol else 0


def slip_of(bill: Bill, look: Look) -> Slip:
    """The slip of a bill, as high as its values need: nothing that somebody pays by is cut."""
    help_height = look.forms["Help"].height
    least = help_height + _TOP if help_height else 0
    if bill.to_pay:
        return _slip(look.words.pay_this, epc_qr(bill), _transfer(bill, look), _WITH_CODE, look)
    if _is_debited(bill):
        return _slip(look.words.debit, None, _debit(bill, look), max(_TOP + 3 * _STEP, least), look)
    return Slip("", None, [], (), least)


def _slip(head: str, symbol: Symbol | None, said: list[Said], least: int, look: Look) -> Slip:
    """A value too wide for one column takes two."""
    strong = look.manner.strong
    outline = tuple([(one.label, 1 if strong.width(one.value) <= COLUMN else 2, bool(one.address)) for one in said])
    *_, (_, lowest) = _places(outline, 1 if symbol else 0)
    return Slip(head, symbol, said, outline, max(least, _TOP + lowest + _STEP))


def _is_debited(bill: Bill) -> bool:
    return bill.payment.is_direct_debit and not bill.is_credit_note and bill.totals.payable > 0


def draw_slip(slip: Slip, flow: Flow) -> None:
    """Draw it at the flow's y."""
    look, sheet, top = flow.look, flow.sheet, flow.y
    manner, words = look.manner, look.words
    sheet.rule(LINE, LEFT, top, RIGHT - LEFT, mm(0.15))
    if slip.said:
        sheet.tag("H2")
        sheet.text(manner.title, LEFT, top + mm(7.5), slip.head)
        if slip.symbol:
            box = Box(LEFT, top + _TOP, LEFT + _QR_SIDE, top + _TOP + _QR_SIDE)
            sheet.picture(box, words.scan, stencil(slip.symbol, box.left, box.top, _QR_SIDE))
            sheet.tag("P")
            # Below values of many rows the words keep to their column.
            room = COLUMN if slip.height > _WITH_CODE else RIGHT - LEFT
            for row, line in enumerate(wrap(words.scan, manner.detail, room, 2)):
                sheet.text(manner.detail, LEFT, top + _TOP + _QR_SIDE + mm(3.4) + row * DETAIL_ROW, line)
        _draw_values(slip, top + _TOP - mm(1), flow)
    flow.place("P", "Help", top + mm(7))


def _draw_values(slip: Slip, y: int, flow: Flow) -> None:
    """In the columns up to the help's."""
    strong, sheet = flow.look.manner.strong, flow.sheet
    shown = [shorten(one.value, strong, wide(span)) for one, (_, span, _) in zip(slip.said, slip.outline, strict=True)]
    flow.fill(_lay_values, y, shown, slip.outline, slip.first)
    for one, words, (x, down) in zip(slip.said, shown, _places(slip.outline, slip.first), strict=True):
        if one.address:
            sheet.lead(strong, x, y + down + _VALUE, words, one.address)


@lru_cache(maxsize=256)
def _places(outline: tuple[Kind, ...], first: int) -> tuple[tuple[int, int], ...]:
    """Where each of them stands: its left, and its top below the first one's."""
    places: list[tuple[int, int]] = []
    column, y = first, 0
    for _, span, _ in outline:
        if column + span > _HELP_COLUMN and places:
            y, column = y + _STEP, first
        places.append((COLUMNS[column], y))
        column += span
    return tuple(places)


def _lay_values(draft: Draft, look: Look, outline: tuple[Kind, ...], first: int) -> None:
    manner = look.manner
    for (label, _, is_link), (x, y) in zip(outline, _places(outline, first), strict=True):
        draft.tag("P")
        draft.text(manner.label, x, y + _LABEL, label)
        if is_link:
            draft.open("P")
            draft.tag("Link")
        draft.write(manner.strong, x, y + _VALUE)
        if is_link:
            draft.close()


def _transfer(bill: Bill, look: Look) -> list[Said]:
    words, transfer = look.words, payable_account(bill)
    amount = Said(words.sum_due, look.money(bill.to_pay, bill.currency))
    said = []
    if transfer:
        said += _whole(words.payee, plain(payee_name(bill, transfer)), look)
        said.append(amount)
        said += _account(spell_iban(transfer.iban), plain(transfer.bic), look)
        said += _whole(words.reference, plain(bill.payment.remittance or bill.number), look)
    else:
        said.append(amount)
        if bill.payment.means_text:
            said.append(Said(words.conditions, plain(bill.payment.means_text)))
    if look.brand.pay_url:
        # Nobody types the whole address: the page says whose it is, and leads there.
        address = plain(pay_link(look.brand.pay_url, bill, as_issued(bill), look.brand.account_term))
        shown = address.removeprefix("https://")
        link = address if _LINKED.match(address) else ""
        said.append(Said(words.pay_online, shown if len(shown) < 48 else shown.partition("/")[0], link))
    return said


def _whole(label: str, value: str, look: Look) -> list[Said]:
    """A value that is typed, on as many lines as it takes."""
    first, *more = wrap(value, look.manner.strong, wide(2), _MOST_LINES) or [""]
    return [Said(label, first), *(Said("", line) for line in more)]


def _account(iban: str, bic: str, look: Look) -> list[Said]:
    """On one line where it fits, else below each other: nobody pays to an account that is cut."""
    if not bic:
        return [Said("IBAN", iban)]
    both = f"{iban}   BIC {bic}"
    if look.manner.strong.width(both) <= wide(2):
        return [Said("IBAN", both)]
    return [Said("IBAN", iban), Said("BIC", bic)]


def _debit(bill: Bill, look: Look) -> list[Said]:
    words, payment = look.words, bill.payment
    day = words.on_day.format(day=words.spell_day(bill.due_date)) if bill.due_date else ""
    amount = look.money(bill.totals.payable, bill.currency)
    said = [
        Said(words.to_be_debited, f"{amount} {day}".rstrip()),
        Said(words.debit_account, hide_iban(payment.debited_iban)),
        Said(words.mandate, plain(payment.mandate)),
        Said(words.creditor, plain(payment.creditor_id)),
    ]
    return [one for one in said if one.value]


@lru_cache(maxsize=1024)
def spell_iban(iban: str) -> str:
    """In groups of four, as on paper (ISO 13616)."""
    closed = plain("".join(iban.split()))
    return "\N{NO-BREAK SPACE}".join(closed[i : i + 4] for i in range(0, len(closed), 4))


def hide_iban(iban: str) -> str:
    """The customer's own account, recognisable by its ends and of no use to a finder."""
    closed = plain("".join(iban.split()))
    return f"{closed[:4]} •••• {closed[-4:]}" if len(closed) > 8 else ""
