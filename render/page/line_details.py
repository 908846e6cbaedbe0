"""What a line says besides its name and its cells, as texts for the small type below its name."""

from collections.abc import Iterator, Sequence

from bill import BY_OBJECT, AllowanceCharge, Attribute, Bill, LinePart, Period
from render.style.number_format import NBSP
from render.style.page_style import PageStyle
from render.type.printable_text import printable
from words.country_names import country_name
from words.identifier_labels import identifier_label, object_label
from words.printed_languages import words_for


def line_details(line: LinePart, bill: Bill, page_style: PageStyle) -> Sequence[str]:
    """Return a line's further terms, in reading order: description, period, attributes, identifiers, prices,
    allowances, note. Texts keep the line breaks of their sender; what repeats the name is left out."""
    if not may_say_more(line):
        return ()
    return [said for said in _details(line, bill, page_style) if said != line.name]


def may_say_more(line: LinePart) -> bool:
    """Whether a line has anything but the usual terms: one cheap test for the common case."""
    return bool(
        line.description or line.attributes or line.allowances_charges or line.note or line.object_id or line.period
        or line.seller_item_id or line.buyer_item_id or line.standard_item_id or line.classifications
        or line.origin_country or line.order_line or line.cost_account or line.gross_price is not None
    )  # fmt: skip


def _details(line: LinePart, bill: Bill, page_style: PageStyle) -> Iterator[str]:
    words, by = page_style.words, page_style.brand.grouped_by
    if line.description and line.name:
        yield line.description
    if line.period and line.period != bill.period:
        yield spell_period(line.period, page_style)
    for attribute in line.attributes:
        if attribute.name != by:
            yield _spell_attribute(attribute, page_style)
    if identifiers := " · ".join(f"{label}{NBSP}{value}" for label, value in _identifiers(line, page_style) if value):
        yield identifiers
    if line.gross_price is not None and line.gross_price != line.net_price:
        yield f"{page_style.terms.gross_price}{words.colon}{page_style.amount(line.gross_price, bill.currency)}"
    for change in line.allowances_charges:
        value = change.amount if change.is_charge else -change.amount
        yield f"{change_name(change, bill.currency, page_style)}{words.colon}{page_style.amount(value, bill.currency)}"
    if line.note:
        yield line.note


def _identifiers(line: LinePart, page_style: PageStyle) -> Iterator[tuple[str, str]]:
    """Yield the label and the value of each identifier of a line; absent ones are ""."""
    terms, standard = page_style.terms, line.standard_item_id
    if line.object_id and page_style.brand.grouped_by != BY_OBJECT:
        yield object_label(line.object_id.scheme, page_style.language), line.object_id.value
    yield terms.seller_item, line.seller_item_id
    yield terms.buyer_item, line.buyer_item_id
    if standard:
        yield identifier_label(standard.scheme, page_style.language, terms.standard_item), standard.value
    for classification in line.classifications:
        yield terms.classification, classification.value
    if line.origin_country:
        yield terms.origin, country_name(line.origin_country, page_style.language)
    yield terms.order_line, line.order_line
    yield terms.accounting, line.cost_account


def _spell_attribute(attribute: Attribute, page_style: PageStyle) -> str:
    return page_style.words.colon.join(filter(None, (attribute.name, attribute.value)))


def change_name(change: AllowanceCharge, currency: str, page_style: PageStyle) -> str:
    """Return the name of an allowance or a charge: `Remise fidélité (5 % de 100,00)`."""
    words = page_style.words
    name = printable(change.reason) or _reason(change, page_style.language)
    name = name or (words.charge if change.is_charge else words.allowance)
    if change.percent is None:
        return name
    said = page_style.rate(change.percent)
    if change.base is not None:
        said = page_style.terms.percent_of.format(percent=said, base=page_style.amount(change.base, currency))
    return f"{name} ({said})"


def _reason(change: AllowanceCharge, language: str) -> str:
    """Return the words of the reason's code (BT-98, BT-105); "" for a code without words."""
    return words_for("charge-reasons" if change.is_charge else "allowance-reasons", change.reason_code, language) or ""


def spell_period(period: Period, page_style: PageStyle) -> str:
    """Return a period in figures: `01/10/2026 – 31/10/2026`, `à partir du 01/10/2026`."""
    words = page_style.words
    start, end = (words.figure_day(day) if day else "" for day in (period.start, period.end))
    if start and end:
        return f"{start} – {end}"
    return words.begun.format(day=start) if start else words.ended.format(day=end) if end else ""
