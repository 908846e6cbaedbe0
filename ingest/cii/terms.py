"""What CII says in the same way for the bill and for its lines: dates, periods, taxes, allowances, documents."""

from collections.abc import Callable, Mapping

from lxml import etree

from ingest.values import day, decimal, truth
from ingest.walk import Found, Sheet, Step, Table, amount, embedded, inside, joined, leaf, qualified, table

Namespaces = Mapping[str, str]


def on(key: str, ns: Namespaces, one: Callable[..., Step] = leaf) -> Step:
    """A day into *key*, wrapped as the element's type asks for; ZUGFeRD 1.0 also writes it bare."""
    bare = one(key, day)
    wrapped = inside(table(ns, {"udt:DateTimeString udt:DateString udt:DateTime udt:Date qdt:DateTimeString": bare}))

    def step(element: etree._Element, found: Found, sheet: Sheet) -> None:
        (wrapped if len(element) else bare)(element, found, sheet)

    return step


def indicator(key: str, ns: Namespaces) -> Step:
    return inside(table(ns, {"udt:Indicator": leaf(key, truth)}))


def period(ns: Namespaces) -> Table:
    return table(ns, {"ram:StartDateTime": on("start", ns), "ram:EndDateTime": on("end", ns)})


def tax(category: str, rate: str) -> dict[str, Step]:
    """The steps of a tax's category and rate, under the keys the noun has for them."""
    return {"ram:CategoryCode": leaf(category), "ram:RateApplicablePercent ram:ApplicablePercent": amount(rate)}


def allowance_charge(ns: Namespaces) -> Table:
    return table(ns, {
        "ram:ChargeIndicator": indicator("is_charge", ns),
        "ram:CalculationPercent": amount("percent"),
        "ram:BasisAmount": amount("base"),
        "ram:ActualAmount": amount("amount"),
        "ram:ReasonCode": leaf("reason_code"),
        "ram:Reason": joined("reason"),
        "ram:CategoryTradeTax": inside(table(ns, tax("vat_category", "vat_rate"))),
    })  # fmt: skip


def number_of(key: str, ns: Namespaces) -> Step:
    """A referenced document, by its number."""
    return inside(table(ns, {"ram:IssuerAssignedID ram:ID": leaf(key)}))


def document(ns: Namespaces) -> Table:
    return table(ns, {
        "ram:IssuerAssignedID ram:ID": leaf("id"),
        "ram:URIID": leaf("link"),
        "ram:TypeCode": leaf("kind"),
        "ram:ReferenceTypeCode": leaf("scheme"),
        "ram:Name": joined("description"),
        "ram:AttachmentBinaryObject": embedded,
    })  # fmt: skip


def quantity(key: str, unit: str) -> Step:
    return qualified(key, "unitCode", unit, decimal)


