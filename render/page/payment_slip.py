"""The payment slip at the foot of the last page: transfer details with QR code, or direct debit mandate, and the help
box.

An account number that is no IBAN, or whose check digits are wrong, is shown as it was sent, with the name of its
scheme, the reference to quote and whom to ask. The slip of a bill that asks for money is never empty.
"""

import re
from functools import lru_cache
from typing import Final, NamedTuple

from bill import AmountDue, Bill, PayeeAccount, PaymentInstructions, hide_iban, payment_link, spell_payment_means
from render.canvas.fragment_canvas import FragmentCanvas
from render.canvas.page_flow import PageFlow
from render.canvas.page_geometry import COLUMN, COLUMNS, LEFT, RIGHT, Box, mm, wide
from render.codes.module_grid import ModuleGrid
from render.codes.symbol_image import symbol_image
from render.page.payment_qr_code import payment_qr_code
from render.style.page_colours import LINE
from render.style.page_style import PageStyle
from render.type.line_breaking import shorten, wrap
from render.type.printable_text import printable

_QR_SIDE: Final = mm(30)
_TOP: Final = mm(9.5)
_STEP: Final = mm(8.4)
#: Line height of a value of several lines.
_LINE: Final = mm(4.7)
_WITH_CODE: Final = _TOP + _QR_SIDE + mm(1.8)
_HELP_COLUMN: Final = 3
#: A longer value is given in full among the remaining terms (`remaining_business_terms`); BT-83 has 140 characters.
LONGEST_ON_SLIP: Final = 200
_MOST_LINES: Final = 8
_LABEL: Final = mm(3)
_VALUE: Final = mm(7.2)
#: Allowed link targets: http and https URLs only.
_LINKED: Final = re.compile(r"https?://[!-'*-\[\]-~]+\Z")


#: The layout of a value: its label, its columns, whether it is a link.
Kind = tuple[str, int, bool]


class LabelledValue(NamedTuple):
    """A label, its value, and the URL that the value links to, if any."""

    label: str
    value: str
    address: str = ""


class PaymentSlip(NamedTuple):
    """The contents of the slip: title, QR code, values, their layout, and the height with the help box in drawing
    units."""

    head: str
    symbol: ModuleGrid | None
    said: list[LabelledValue]
    outline: tuple[Kind, ...]
    height: int

    @property
    def first(self) -> int:
        """The grid column where values begin: 1 beside a QR code, else 0."""
        return 1 if self.symbol else 0


def payment_slip_of(bill: Bill, due: AmountDue, page_style: PageStyle) -> PaymentSlip:
    """Return the slip of a bill. It is as high as its values need, because nothing that is needed to pay is cut."""
    help_height = page_style.forms["Help"].height
    least = help_height + _TOP if help_height else 0
    if due.is_asking:
        symbol = payment_qr_code(due)
        return _slip(
            page_style.words.pay_this, symbol, _pay(bill, due, page_style), _WITH_CODE if symbol else least, page_style
        )
    if due.is_collected:
        return _slip(page_style.words.debit, None, _debit(due, page_style), max(_TOP + 3 * _STEP, least), page_style)
    return PaymentSlip("", None, [], (), least)


def payment_values_of(bill: Bill, due: AmountDue, page_style: PageStyle) -> list[LabelledValue]:
    """Return what is needed to pay, or what is collected; [] for a bill that asks nothing. A value without a label goes
    on with the one before. *due* has its payment instructions."""
    if due.is_asking:
        return _pay(bill, due, page_style)
    return _debit(due, page_style) if due.is_collected else []


def _slip(
    head: str, symbol: ModuleGrid | None, said: list[LabelledValue], least: int, page_style: PageStyle
) -> PaymentSlip:
    """Return a slip at least *least* high. A value that is too wide for one column takes two."""
    strong = page_style.styles.strong
    outline = tuple([(one.label, 1 if strong.width(one.value) <= COLUMN else 2, bool(one.address)) for one in said])
    *_, (_, lowest) = _places(outline, 1 if symbol else 0)
    return PaymentSlip(head, symbol, said, outline, max(least, _TOP + lowest + _STEP))


def draw_payment_slip(slip: PaymentSlip, flow: PageFlow) -> None:
    """Draw the slip at the flow's y."""
    page_style, canvas, top = flow.page_style, flow.canvas, flow.y
    styles, words = page_style.styles, page_style.words
    canvas.rule(LINE, LEFT, top, RIGHT - LEFT, mm(0.15))
    if slip.said:
        canvas.tag("H2")
        canvas.text(styles.title, LEFT, top + mm(6.8), slip.head)
        if slip.symbol:
            box = Box(LEFT, top + _TOP, LEFT + _QR_SIDE, top + _TOP + _QR_SIDE)
            canvas.picture(box, words.scan, symbol_image(slip.symbol, box.left, box.top, _QR_SIDE))
            canvas.tag("P")
            canvas.text(styles.quiet, LEFT + styles.title.width(slip.head) + mm(4), top + mm(6.8), words.scan)
        _draw_values(slip, top + _TOP - mm(1), flow)
    flow.place("P", "Help", top + mm(6.4))


def _draw_values(slip: PaymentSlip, y: int, flow: PageFlow) -> None:
    """Draw the values in the columns left of the help box."""
    strong, canvas = flow.page_style.styles.strong, flow.canvas
    shown = [shorten(one.value, strong, wide(span)) for one, (_, span, _) in zip(slip.said, slip.outline, strict=True)]
    flow.draw_fragment(_lay_values, y, shown, slip.outline, slip.first)
    for one, words, (x, down) in zip(slip.said, shown, _places(slip.outline, slip.first), strict=True):
        if one.address:
            canvas.link(strong, x, y + down + _VALUE, words, one.address)


@lru_cache(maxsize=256)
def _places(outline: tuple[Kind, ...], first: int) -> tuple[tuple[int, int], ...]:
    """Return (left, top) of each value, the top counted from the first one's. A value of several lines has rows of its
    own, so that none of its lines stands below another label; its further lines have no label."""
    places: list[tuple[int, int]] = []
    column, y = first, 0
    for place, (label, span, _) in enumerate(outline):
        goes_on = [label for label, *_ in outline[place + 1 : place + 2]] == [""]
        if not label:
            y, column = y + _LINE, first
        elif column > first and (goes_on or column + span > _HELP_COLUMN):
            y, column = y + _STEP, first
        places.append((COLUMNS[column], y))
        column = column + span if label and not goes_on else _HELP_COLUMN
    return tuple(places)


def _lay_values(canvas: FragmentCanvas, page_style: PageStyle, outline: tuple[Kind, ...], first: int) -> None:
    styles = page_style.styles
    for (label, _, is_link), (x, y) in zip(outline, _places(outline, first), strict=True):
        canvas.tag("P")
        canvas.text(styles.label, x, y + _LABEL, label)
        if is_link:
            canvas.open("P")
            canvas.tag("Link")
        canvas.write(styles.strong, x, y + _VALUE)
        if is_link:
            canvas.close()


def _pay(bill: Bill, due: AmountDue, page_style: PageStyle) -> list[LabelledValue]:
    """Return the values of a transfer: payee, amount, account, reference, and the link for paying online."""
    words, how = page_style.words, due.how
    assert how is not None
    amount = LabelledValue(words.sum_due, _amount_by(due, page_style))
    payee, reference = printable(how.payee), printable(how.remittance)
    online = _online(bill, due, page_style)
    if how.account is None:
        said = _whole(words.payee, payee, page_style) if "cheque" in how.ways else []
        said += [amount, *_otherwise(how, page_style)]
        if not said[1:] or how.is_quoting or how.remittance != bill.number:
            said += _whole(words.reference, reference, page_style)
        return [*said, *(online or _whom_to_ask(bill, page_style))]
    said = [*_whole(words.payee, payee, page_style), amount]
    if how.account.iban:
        said += _account(spell_iban(how.account.iban), printable(how.account.bic), page_style)
        return [*said, *_whole(words.reference, reference, page_style), *online]
    said += [*_given_account(how.account, page_style), *_whole(words.reference, reference, page_style)]
    if how.account.is_wrong:
        said += _whole(words.check, words.wrong_account.format(who=_who(bill)), page_style)
    else:
        said += online or _whom_to_ask(bill, page_style)
    return [*said, *(online if how.account.is_wrong else [])]


def _amount_by(due: AmountDue, page_style: PageStyle) -> str:
    """Return the amount; with several instalments, that of the next one and its due date."""
    amount = page_style.money(due.amount, due.currency)
    if len(due.instalments) < 2 or due.due is None:
        return amount
    return f"{amount} {page_style.words.before.format(day=page_style.words.figure_day(due.due))}"


def _otherwise(how: PaymentInstructions, page_style: PageStyle) -> list[LabelledValue]:
    """Return the payment methods without an account, in words, and the issuer's own text (BT-82)."""
    words = [
        spell_payment_means(way, page_style.language)
        for way in how.ways
        if way != "online" or not page_style.brand.pay_url
    ]
    said = ", ".join(filter(None, words))
    own = printable(how.text)
    if own and own.casefold() not in said:
        said = f"{said} ({own})" if said else own
    return _whole(page_style.words.means, said, page_style) if said else []


def _given_account(account: PayeeAccount, page_style: PageStyle) -> list[LabelledValue]:
    """Return an account number that is no valid IBAN as it was sent, under the name of its scheme."""
    label = "IBAN" if account.is_wrong else printable(account.scheme) or page_style.words.account
    bank = [("BIC", printable(account.bic)), (page_style.words.bank, printable(account.bank))]
    return [
        *_whole(label, printable(account.number), page_style),
        *(LabelledValue(name, code) for name, code in bank if code),
    ]


def _whom_to_ask(bill: Bill, page_style: PageStyle) -> list[LabelledValue]:
    return _whole(page_style.words.how_to_pay, page_style.words.ask.format(who=_who(bill)), page_style)


def _who(bill: Bill) -> str:
    """Return whom to ask about paying: the seller with its contact details (BG-6)."""
    contact = bill.seller.contact
    reached = [contact.phone, contact.email] if contact else []
    return printable(", ".join(filter(None, [bill.seller.name, *reached])))


def _online(bill: Bill, due: AmountDue, page_style: PageStyle) -> list[LabelledValue]:
    """Return the link for paying online. The page shows its domain where the whole URL is too long to type."""
    address = printable(payment_link(page_style.brand.pay_url, bill, due, page_style.brand.account_term))
    if not address:
        return []
    shown = address.removeprefix("https://")
    link = address if _LINKED.match(address) else ""
    return [LabelledValue(page_style.words.pay_online, shown if len(shown) < 48 else shown.partition("/")[0], link)]


def _whole(label: str, value: str, page_style: PageStyle) -> list[LabelledValue]:
    """Return a value on as many lines as it takes, so that it can be typed in full."""
    first, *more = wrap(value, page_style.styles.strong, wide(2), _MOST_LINES) or [""]
    return [LabelledValue(label, first), *(LabelledValue("", line) for line in more)]


def how_to_pay(due: AmountDue) -> str:
    """Return the account to pay to, for page one; "" where there is none, or a wrong one."""
    account = due.how.account if due.how else None
    if account is None or account.is_wrong:
        return ""
    if account.iban:
        return f"IBAN {spell_iban(account.iban)}"
    return printable(f"{account.scheme} {account.number}").strip()


def _account(iban: str, bic: str, page_style: PageStyle) -> list[LabelledValue]:
    """Return IBAN and BIC, on one line where they fit, else one below the other; never cut."""
    if not bic:
        return [LabelledValue("IBAN", iban)]
    both = f"{iban}   BIC {bic}"
    if page_style.styles.strong.width(both) <= wide(2):
        return [LabelledValue("IBAN", both)]
    return [LabelledValue("IBAN", iban), LabelledValue("BIC", bic)]


def _debit(due: AmountDue, page_style: PageStyle) -> list[LabelledValue]:
    words, how = page_style.words, due.how
    assert how is not None
    day = words.on_day.format(day=words.spell_day(due.due)) if due.due else ""
    amount = page_style.money(due.amount, due.currency)
    said = [
        LabelledValue(words.to_be_debited, f"{amount} {day}".rstrip()),
        LabelledValue(words.debit_account, hide_iban(printable(how.debited_iban))),
        *_whole(words.mandate, printable(how.mandate), page_style),
        *_whole(words.creditor, printable(how.creditor_id), page_style),
    ]
    return [one for one in said if one.value]


@lru_cache(maxsize=1024)
def spell_iban(iban: str) -> str:
    """Return an IBAN in groups of four characters, as on paper (ISO 13616)."""
    closed = printable("".join(iban.split()))
    return "\N{NO-BREAK SPACE}".join(closed[i : i + 4] for i in range(0, len(closed), 4))
