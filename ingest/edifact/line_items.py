"""Maps the line items of an INVOIC message (segment groups of LIN): item, quantity, price, amount and texts."""

from typing import Final

from bill import AllowanceCharge, Attribute, Identifier, Line, Period
from ingest.document_findings import Found
from ingest.edifact.message_state import MessageState, Step
from ingest.edifact.segment_tokenizer import Segment

#: Type of item number (7143) -> its ISO 6523 scheme.
_SCHEMES: Final = {"EN": "0160", "SRV": "0160", "UP": "0160"}


def make_line(line: Found) -> Line:
    """Return the line from its segments; without a net amount it takes the goods amount (MOA 66)."""
    days, charges = line.pop("period_days", None), line.pop("charges", [])
    if "net_amount" not in line and "goods" in line:
        line["net_amount"] = line["goods"]
    line.pop("goods", None)
    return Line(
        period=Period(**days) if days else None,
        allowances_charges=tuple(AllowanceCharge(**charge) for charge in charges if "amount" in charge),
        attributes=tuple(line.pop("attributes", ())),
        classifications=tuple(line.pop("classifications", ())),
        **line,
    )


def line_text(segment: Segment, line: Found, subject: str, text: str) -> None:
    """Store a text of a line (FTX): an attribute `name:value` (ACF), or a note."""
    name, *value = segment.rest(4)[:2] or [""]
    if subject == "ACF" and value:
        line.setdefault("attributes", []).append(Attribute(name=name[:200], value=value[0][:200]))
    elif text:
        line["note"] = f"{line['note']}\n{text}" if "note" in line else text


def line_reference(segment: Segment, message: MessageState, line: Found, kind: str, number: str) -> None:
    """Store a reference of a line (RFF): the order line, the buyer's accounting reference, the meter. Further ones are
    attributes of the item."""
    known: Identifier | str = number
    if kind == "ON":
        key, known = "order_line", message.words(segment, 1, 2)
    elif kind == "AWQ":
        key = "cost_account"
    elif kind in ("AVE", "MG", "SE"):
        key, known = "object_id", Identifier(value=number)
    else:
        return
    if number and line.setdefault(key, known) != known:
        line.setdefault("attributes", []).append(Attribute(name=f"RFF {kind}", value=number))


def _lin(segment: Segment, message: MessageState) -> None:
    message.party = message.charge = message.terms = None
    message.line = {"id": message.words(segment, 1)}
    message.lines.append(message.line)
    _item(segment, message, 3)


def _pia(segment: Segment, message: MessageState) -> None:
    for element in range(2, len(segment.elements)):
        _item(segment, message, element)


def _item(segment: Segment, message: MessageState, element: int) -> None:
    """Store an item number (C212) by the party that assigned it: seller, buyer or a standard."""
    number, kind = message.words(segment, element), segment.get(element, 1)
    if not number or message.line is None:
        return
    if kind in _SCHEMES:
        message.line.setdefault("standard_item_id", Identifier(value=number, scheme=_SCHEMES[kind]))
    elif kind == "SA":
        message.line.setdefault("seller_item_id", number)
    elif kind in ("IN", "BP"):
        message.line.setdefault("buyer_item_id", number)
    elif kind:
        message.line.setdefault("classifications", []).append(Identifier(value=number, scheme=kind))


def _imd(segment: Segment, message: MessageState) -> None:
    if message.line is None:
        return
    text = message.value(segment, " ".join(segment.rest(3, 3)), str) or message.words(segment, 3)
    key = "description" if segment.get(1) == "A" or "name" in message.line else "name"
    message.line[key] = f"{message.line[key]} {text}" if key in message.line else " ".join(text.split())


def _qty(segment: Segment, message: MessageState) -> None:
    if message.line is None or segment.get(1) not in ("47", "46", "12"):
        return
    quantity = message.amount(segment, segment.get(1, 1))
    if quantity is not None and (segment.get(1) == "47" or "quantity" not in message.line):
        message.line["quantity"], message.line["unit"] = quantity, message.words(segment, 1, 2)


def _pri(segment: Segment, message: MessageState) -> None:
    price = message.amount(segment, segment.get(1, 1))
    if message.line is None or price is None:
        return
    if segment.get(1) in ("AAA", "INV", "NTP"):
        message.line["net_price"] = price
        if (base := message.amount(segment, segment.get(1, 4))) is not None:
            message.line["price_base"], message.line["price_base_unit"] = base, message.words(segment, 1, 5)
    elif segment.get(1) in ("AAB", "GRP"):
        message.line["gross_price"] = price


def _ali(segment: Segment, message: MessageState) -> None:
    if message.line is not None:
        message.line["origin_country"] = message.words(segment, 1)


#: The steps of segments that only lines have.
STEPS: Final[dict[str, Step]] = {
    "LIN": _lin, "PIA": _pia, "IMD": _imd, "QTY": _qty, "PRI": _pri, "ALI": _ali,
}  # fmt: skip
