"""Checks the rules of each VAT category (UNTDID 5305): BR-S-*, BR-Z-*, BR-E-*, BR-AE-*, BR-IC-*, BR-O-* and so on."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Final, NamedTuple

from bill import Bill, Value
from ingest.checks.broken_rule import BrokenRule
from ingest.checks.computed_sums import Key, Sums
from ingest.checks.ubl_cii_differences import Binding


class VatCategoryRules(NamedTuple):
    """The requirements of one VAT category; its rule ids begin with BR-*name*."""

    name: str
    #: "charged": a rate of its own; "zero": the rate 0; "none": no rate at all.
    rate: str
    #: Who must have which identifier: "tax", a VAT or other tax number of the seller's; "vat", a VAT number of the
    #: seller's; "nobody", no VAT number at all; "" nothing is asked. A tax representative's VAT number does as well.
    seller: str
    #: "legal": the buyer's VAT number or legal identifier; "vat": its VAT number; "" nothing is asked.
    buyer: str = ""
    #: Whether a row of the breakdown must say why there is no tax; otherwise it must not.
    says_why: bool = False

    @property
    def has_rate(self) -> bool:
        """Whether the category has a rate above zero."""
        return self.rate == "charged"


#: L and M are the taxes of the Canary Islands (IGIC) and of Ceuta and Melilla (IPSI), B is Italy's split payment.
FAMILIES: Final = {
    "S": VatCategoryRules("S", "charged", "tax"),
    "Z": VatCategoryRules("Z", "zero", "tax"),
    "E": VatCategoryRules("E", "zero", "tax", says_why=True),
    "AE": VatCategoryRules("AE", "zero", "tax", "legal", says_why=True),
    "K": VatCategoryRules("IC", "zero", "vat", "vat", says_why=True),
    "G": VatCategoryRules("G", "zero", "vat", says_why=True),
    "O": VatCategoryRules("O", "none", "nobody", says_why=True),
    "L": VatCategoryRules("AF", "charged", "tax"),
    "M": VatCategoryRules("AG", "charged", "tax"),
    "B": VatCategoryRules("B", "", ""),
}
_SPLIT: Final = "B"
_ROWS_OF_NOTHING: Final = (
    "there are {count} rows of VAT category {category} in the VAT breakdown, and nothing is billed in it"
)


def check_vat_categories(bill: Bill, binding: Binding, sums: Sums, broken: list[BrokenRule]) -> None:
    """Check, for each category in use, -01 (a row in the breakdown) and -02 to -07 (lines, allowances, charges), and
    the rules of single categories (BR-IC-11, BR-IC-12, BR-O-11 to -14, BR-B-01, BR-B-02)."""
    rows = [row.category for row in bill.vat]
    used = {*rows, *sums.of_lines, *sums.of_allowances, *sums.of_charges}
    for category in used:
        family = FAMILIES.get(category)
        if family is not None:
            if not (category in rows and category in sums.of_lines and rows.count(category) == 1):
                _in_breakdown(category, family, rows, binding, sums, broken)
            if family.seller:
                _identified(category, family, bill, sums, broken)
    wrong = {key for key in sums.taxed if not _fits(*key, binding)}
    if wrong:
        _rates(bill, wrong, broken)
    if used - _COMMON:
        _special(bill, rows, used, sums, binding, broken)


_COMMON: Final = frozenset("SZE")


def _in_breakdown(
    category: str, family: VatCategoryRules, rows: list[str], binding: Binding, sums: Sums, broken: list[BrokenRule]
) -> None:
    """Check -01: at least one row for S, L and M, exactly one for the others, and no row without billed amounts."""
    if category == _SPLIT:
        return
    billed = category in sums.of_lines or category in sums.of_allowances or category in sums.of_charges
    count = rows.count(category)
    if family.has_rate:
        wrong = count == 0 or (not billed and binding.asks_lines)
    elif binding.asks_lines:
        wrong = count != 1
    else:
        wrong = count > 1 or (count == 1 and not billed) or (count == 0 and billed and category != "O")
    if wrong:
        sentence = "there are {count} rows of VAT category {category} in the VAT breakdown"
        if not billed:
            sentence = _ROWS_OF_NOTHING
        broken.append(BrokenRule(f"BR-{family.name}-01", sentence, "BG-23", {"count": count, "category": category}))


def _identified(category: str, family: VatCategoryRules, bill: Bill, sums: Sums, broken: list[BrokenRule]) -> None:
    """Check -02 (lines), -03 (allowances) and -04 (charges): the parties have the identifiers that the category asks
    for."""
    seller, buyer, representative = bill.seller, bill.buyer, bill.tax_representative
    vat = bool(seller.vat_id or (representative is not None and representative.vat_id))
    if family.seller == "nobody":
        right = not vat and not buyer.vat_id
        wrong = "a bill in VAT category {category} must not name a VAT identifier"
    else:
        right = vat or (family.seller == "tax" and bool(seller.tax_id))
        wrong = "a bill in VAT category {category} must have the seller's VAT identifier"
        if right and family.buyer:
            right = bool(buyer.vat_id or (family.buyer == "legal" and buyer.legal_id is not None))
            wrong = "a bill in VAT category {category} must have the buyer's VAT identifier"
    if right:
        return
    for suffix, where in (("02", sums.of_lines), ("03", sums.of_allowances), ("04", sums.of_charges)):
        if category in where:
            rule, terms = f"BR-{family.name}-{suffix}", "BT-31, BT-32, BT-48, BT-63"
            broken.append(BrokenRule(rule, wrong, terms, {"category": category}))


def _fits(category: str, rate: Decimal | None, binding: Binding) -> bool:
    """Return whether a rate goes with a category (-05 to -07)."""
    if category == "S":
        return rate is not None and rate > 0
    family = FAMILIES.get(category)
    if family is None or family.rate == "":
        return True
    if family.rate == "none":
        return rate is None
    if family.rate == "zero":
        return rate is not None and not rate
    return rate is not None and (rate > 0 or (not rate and category not in binding.positive))


def _rates(bill: Bill, wrong: set[Key], broken: list[BrokenRule]) -> None:
    """Report each line, allowance and charge whose rate does not go with its category."""
    for line in bill.lines:
        if (line.vat_category, line.vat_rate) in wrong:
            _rate(line.vat_category, line.vat_rate, "05", f"line {line.id}, BT-152", broken)
    for one in bill.allowances_charges:
        if (one.vat_category, one.vat_rate) in wrong:
            suffix, term = ("07", "BT-103") if one.is_charge else ("06", "BT-96")
            _rate(one.vat_category, one.vat_rate, suffix, term, broken)


def _rate(category: str, rate: Decimal | None, suffix: str, place: str, broken: list[BrokenRule]) -> None:
    wrong = "VAT category {category} must have a rate"
    values: dict[str, Value] = {"category": category}
    if rate is not None:
        wrong = "a rate of {rate} does not go with VAT category {category}"
        values["rate"] = rate
    broken.append(BrokenRule(f"BR-{FAMILIES[category].name}-{suffix}", wrong, place, values))


def _special(
    bill: Bill, rows: list[str], used: set[str], sums: Sums, binding: Binding, broken: list[BrokenRule]
) -> None:
    if "K" in rows:
        _intra_community(bill, broken)
    if "O" in rows:
        for suffix, there in _beside(rows, sums, binding):
            if any(category != "O" for category in there if category):
                wrong = "what is not subject to VAT stands beside what is, in one bill"
                broken.append(BrokenRule(f"BR-O-{suffix}", wrong, "BT-118"))
    if _SPLIT in used:
        addresses = (bill.seller.address, bill.buyer.address)
        if any(address.country not in ("", "IT") for address in addresses):
            broken.append(BrokenRule("BR-B-01", "split payment is for bills within Italy", "BT-118"))
        if "S" in used:
            broken.append(BrokenRule("BR-B-02", "split payment and the standard rate exclude each other", "BT-118"))


def _beside(rows: list[str], sums: Sums, binding: Binding) -> Iterator[tuple[str, Iterable[str]]]:
    """Yield, for BR-O-11 to -14, each rule with the categories found beside O; CII looks at breakdown and lines, or at
    allowances and charges, together."""
    if binding.name == "CII":
        taxes, allowed = [*rows, *sums.of_lines], [*sums.of_allowances, *sums.of_charges]
        yield from (("11", taxes), ("12", taxes), ("13", allowed), ("14", allowed))
    else:
        yield from (("11", rows), ("12", sums.of_lines), ("13", sums.of_allowances), ("14", sums.of_charges))


def _intra_community(bill: Bill, broken: list[BrokenRule]) -> None:
    """Check BR-IC-11 and BR-IC-12: an intra-community supply has a delivery date or period, and a country of
    delivery."""
    delivered = bill.delivered
    if (delivered is None or delivered.on is None) and bill.period is None:
        wrong = "an intra-community supply says when it was delivered, or for which period it is"
        broken.append(BrokenRule("BR-IC-11", wrong, "BT-72, BG-14"))
    if delivered is None or delivered.party is None or not delivered.party.address.country:
        broken.append(BrokenRule("BR-IC-12", "an intra-community supply says to which country", "BT-80"))
