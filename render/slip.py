"""How to pay: the transfer with its QR code, or the direct debit with its mandate, or nothing; and whom to ask."""

from typing import Final, NamedTuple
from urllib.parse import quote

from bill import Bill
from render.colour import LINE
from render.epc import epc_qr, payable_account, payee_name
from render.flow import Flow
from render.look import Look
from render.manner import DETAIL_ROW
from render.page import COLUMN, COLUMNS, GUTTER, LEFT, RIGHT, mm
from render.plain import plain
from render.sheet import wrap
from render.squares import stencil

_QR_SIDE: Final = mm(32)
_TOP: Final = mm(11)
_STEP: Final = mm(8.2)
_VALUES_WIDTH: Final = 2 * COLUMN + GUTTER


class Said(NamedTuple):
    """A label and its value."""

    label: str
    value: str


def slip_height(bill: Bill, help_height: int) -> int:
    """How much room the slip takes at the foot of the last page: the QR with its word, or five values."""
    if bill.to_pay:
        return mm(52)
    if bill.payment.is_direct_debit:
        return mm(44)
    return help_height + _TOP if help_height else 0


def draw_slip(bill: Bill, flow: Flow) -> None:
    """Draw it at the flow's y."""
    look, sheet, top = flow.look, flow.sheet, flow.y
    manner = look.manner
    sheet.rule(LINE, LEFT, top, RIGHT - LEFT, mm(0.15))
    flow.place("Help", top + mm(7))
    values_left = LEFT
    if bill.to_pay:
        sheet.text(manner.title, LEFT, top + mm(8), look.words.pay_this)
        symbol = epc_qr(bill)
        if symbol:
            sheet.marks.append(stencil(symbol, LEFT, top + _TOP + mm(1), _QR_SIDE))
            for row, line in enumerate(wrap(look.words.scan, manner.detail, COLUMN, 2), 1):
                sheet.text(manner.detail, LEFT, top + _TOP + _QR_SIDE + mm(1.2) + row * DETAIL_ROW, line)
            values_left = COLUMNS[1]
        said = _transfer(bill, look)
    elif bill.payment.is_direct_debit and not bill.is_credit_note and bill.totals.payable > 0:
        sheet.text(manner.title, LEFT, top + mm(8), look.words.debit)
        said = _debit(bill, look)
    else:
        said = []
    _draw_values(said, values_left, top + _TOP, flow)


def _draw_values(said: list[Said], x: int, y: int, flow: Flow) -> None:
    manner, sheet = flow.look.manner, flow.sheet
    for label, value in said:
        lines = wrap(value, manner.strong, _VALUES_WIDTH, 2)
        sheet.text(manner.label, x, y + mm(2.6), label)
        for row, line in enumerate(lines):
            sheet.text(manner.strong, x, y + mm(6.4) + row * mm(3.6), line)
        y += _STEP + (len(lines) - 1) * mm(3.6)


def _transfer(bill: Bill, look: Look) -> list[Said]:
    words, transfer = look.words, payable_account(bill)
    said = []
    if transfer:
        said.append(Said(words.payee, plain(payee_name(bill, transfer))))
        bic = f"   BIC {plain(transfer.bic)}" if transfer.bic else ""
        said.append(Said("IBAN", f"{spell_iban(transfer.iban)}{bic}"))
        said.append(Said(words.reference, plain(bill.payment.remittance or bill.number)))
    elif bill.payment.means_text:
        said.append(Said(words.conditions, plain(bill.payment.means_text)))
    said.append(Said(words.sum_due, look.money(bill.to_pay, bill.currency)))
    if look.brand.pay_url:
        # Nobody types the whole address: the page says whose it is, and the portal has the link.
        address = plain(pay_address(bill, look.brand.pay_url)).removeprefix("https://")
        said.append(Said(words.pay_online, address if len(address) < 48 else address.partition("/")[0]))
    return said


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


def pay_address(bill: Bill, pattern: str) -> str:
    """Where this bill is paid on line: the issuer's address with number, amount and account filled in."""
    account = bill.buyer.identifiers[0].value if bill.buyer.identifiers else bill.contract
    fillings = {"{number}": bill.number, "{amount}": str(bill.to_pay), "{account}": account}
    for place, value in fillings.items():
        pattern = pattern.replace(place, quote(value, safe=""))
    return pattern


def spell_iban(iban: str) -> str:
    """In groups of four, as on paper (ISO 13616)."""
    closed = plain("".join(iban.split()))
    return "\N{NO-BREAK SPACE}".join(closed[i : i + 4] for i in range(0, len(closed), 4))


def hide_iban(iban: str) -> str:
    """The customer's own account, recognisable by its ends and of no use to a finder."""
    closed = plain("".join(iban.split()))
    return f"{closed[:4]} •••• {closed[-4:]}" if len(closed) > 8 else ""
