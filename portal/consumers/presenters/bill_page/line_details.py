"""What a line of a bill says besides its name and its figures, as short texts below the name: its description, days,
meter, readings, identifiers, prices, allowances, note (EN 16931 BG-26 to BG-32)."""

from collections.abc import Iterator, Mapping

from markupsafe import Markup

from bill import AllowanceCharge, Bill, LinePart
from portal.consumers.presenters.bill_page.bill_references import spell_period
from portal.consumers.presenters.bill_page.quantity_units import unit_name
from portal.presenters.amounts_and_dates import money, number
from portal.translation import language
from words.bill_term_labels import term_labels
from words.country_names import country_name
from words.identifier_labels import identifier_label, object_label
from words.number_form import number_form
from words.printed_bill_labels import bill_labels
from words.printed_languages import words_for


def line_details(line: LinePart, bill: Bill, units: Mapping[str, str]) -> list[str]:
    """Returns the further texts of a line, in reading order; what repeats its name is left out. *units* are the
    issuer's own names of units."""
    name = line.name or line.description or line.note
    return [said for said in _details(line, bill, units) if said and said != name]


def spell_change(change: AllowanceCharge, currency: str) -> str:
    """Returns the name of an allowance or a charge: `Remise fidélité (5 % de 100,00 €)`."""
    labels = bill_labels(language())
    reasons = "charge-reasons" if change.is_charge else "allowance-reasons"
    name = change.reason.strip() or words_for(reasons, change.reason_code, language())
    name = name or (labels.charge if change.is_charge else labels.allowance)
    if change.percent is None:
        return name
    said = Markup(number(change.percent) + number_form(language()).percent)  # noqa: S704 -- a figure of ours
    if change.base is not None:
        said = Markup(term_labels(language()).percent_of).format(percent=said, base=money(change.base, currency))  # noqa: S704
    return Markup("{} ({})").format(name, said)


def _details(line: LinePart, bill: Bill, units: Mapping[str, str]) -> Iterator[str]:
    labels, terms, currency = bill_labels(language()), term_labels(language()), bill.currency
    yield line.description
    if line.period:
        yield spell_period(line.period)
    for attribute in line.attributes:
        yield labels.colon.join(filter(None, (attribute.name, attribute.value)))
    yield from (f"{label} {value}" for label, value in _identifiers(line) if value)
    if line.price_base is not None and line.price_base != 1 and line.net_price is not None:
        base = f"{number(line.price_base)} {unit_name(line.price_base_unit or line.unit, line.price_base, units)}"
        yield Markup("{} / {}").format(money(line.net_price, currency), base.strip())
    if line.gross_price is not None and line.gross_price != line.net_price:
        yield Markup("{}{}{}").format(terms.gross_price, labels.colon, money(line.gross_price, currency))
    for change in line.allowances_charges:
        amount = change.amount if change.is_charge else -change.amount
        yield Markup("{}{}{}").format(spell_change(change, currency), labels.colon, money(amount, currency))
    yield line.note


def _identifiers(line: LinePart) -> Iterator[tuple[str, str]]:
    """Yield the label and the value of each identifier of a line; absent ones are ""."""
    terms, standard = term_labels(language()), line.standard_item_id
    if line.object_id:
        yield object_label(line.object_id.scheme, language()), line.object_id.value
    yield terms.seller_item, line.seller_item_id
    yield terms.buyer_item, line.buyer_item_id
    if standard:
        yield identifier_label(standard.scheme, language(), terms.standard_item), standard.value
    for classification in line.classifications:
        yield terms.classification, classification.value
    if line.origin_country:
        yield terms.origin, country_name(line.origin_country, language())
    yield terms.order_line, line.order_line
    yield terms.accounting, line.cost_account
