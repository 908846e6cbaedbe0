"""Who sells, who buys, who is paid: names, addresses, identifiers."""

from bill import Bill, Delivered, Party, PostalAddress
from ingest.checks.binding import Binding
from ingest.checks.broken import Broken
from ingest.checks.lists import COUNTRIES, ELECTRONIC_ADDRESSES, IDENTIFIER_SCHEMES

_NOWHERE = PostalAddress()
#: BR-CO-09: Greece writes EL before its VAT numbers.
_VAT_PREFIXES = COUNTRIES | {"EL"}


def parties(bill: Bill, binding: Binding, broken: list[Broken]) -> None:
    """BR-06 to BR-11, BR-17 to BR-20, BR-56, BR-57, BR-62, BR-63, BR-CO-09, BR-CO-26, and the codes of parties."""
    seller, buyer = bill.seller, bill.buyer
    if not seller.name:
        broken.append(Broken("BR-06", "a bill must name the seller", "BT-27"))
    if not buyer.name:
        broken.append(Broken("BR-07", "a bill must name the buyer", "BT-44"))
    if not seller.address.country:
        _address(seller, binding, ("BR-08", "BR-09"), ("BG-5", "BT-40"), "seller", broken)
    if not buyer.address.country:
        _address(buyer, binding, ("BR-10", "BR-11"), ("BG-8", "BT-55"), "buyer", broken)
    if not (seller.identifiers or seller.legal_id or seller.vat_id):
        broken.append(Broken("BR-CO-26", "the seller must have an identifier", "BT-29, BT-30, BT-31"))
    _codes(seller, "seller", "BR-62", "BT-34", broken)
    _codes(buyer, "buyer", "BR-63", "BT-49", broken)
    if bill.tax_representative is not None:
        _tax_representative(bill.tax_representative, binding, broken)
    if bill.payee is not None:
        _payee(bill.payee, seller, binding, broken)
    if bill.delivered is not None:
        _delivered(bill.delivered, broken)


def _address(
    party: Party, binding: Binding, rules: tuple[str, str], terms: tuple[str, str], who: str, broken: list[Broken]
) -> None:
    absent = party.address == _NOWHERE
    if absent:
        broken.append(Broken(rules[0], f"the {who} must have an address", terms[0]))
    if not absent or binding.asks_country_anyhow:
        broken.append(Broken(rules[1], f"the {who}'s address must have a country", terms[1]))


def _codes(party: Party, who: str, rule: str, term: str, broken: list[Broken]) -> None:
    """Schemes of identifiers, the country of the address and of the VAT number."""
    electronic = party.electronic_address
    if electronic is not None and electronic.scheme not in ELECTRONIC_ADDRESSES:
        if electronic.scheme:
            message = f"{electronic.scheme[:40]!r} is no scheme of electronic addresses (CEF EAS)"
            broken.append(Broken("BR-CL-25", message, f"{who}, {term}"))
        else:
            broken.append(Broken(rule, f"the {who}'s electronic address must name its scheme", term))
    for identifier in party.identifiers:
        scheme = identifier.scheme
        if scheme and scheme not in IDENTIFIER_SCHEMES:
            broken += (Broken("BR-CL-10", _no_scheme(scheme), who),)
    legal = party.legal_id
    if legal is not None and legal.scheme and legal.scheme not in IDENTIFIER_SCHEMES:
        broken.append(Broken("BR-CL-11", _no_scheme(legal.scheme), who))
    _country(party, who, broken)
    if party.vat_id and party.vat_id[:2] not in _VAT_PREFIXES:
        message = f"the VAT identifier {party.vat_id[:40]!r} does not begin with its country's code"
        broken.append(Broken("BR-CO-09", message, f"{who}, BT-31, BT-48, BT-63"))


def _country(party: Party, who: str, broken: list[Broken]) -> None:
    country = party.address.country
    if country and country not in COUNTRIES:
        broken.append(Broken("BR-CL-14", f"{country[:40]!r} is no country (ISO 3166-1)", who))


def _no_scheme(scheme: str) -> str:
    return f"{scheme[:40]!r} is no scheme of identifiers (ISO/IEC 6523)"


def _tax_representative(representative: Party, binding: Binding, broken: list[Broken]) -> None:
    who = "tax representative"
    if not representative.name:
        broken.append(Broken("BR-18", "the tax representative must have a name", "BT-62"))
    if not representative.address.country:
        _address(representative, binding, ("BR-19", "BR-20"), ("BG-12", "BT-69"), who, broken)
    if not representative.vat_id:
        broken.append(Broken("BR-56", "the tax representative must have a VAT identifier", "BT-63"))
    _codes(representative, who, "", "", broken)


def _payee(payee: Party, seller: Party, binding: Binding, broken: list[Broken]) -> None:
    """BR-17. In UBL it is the names both go by that are compared; UBL-SR-19 compares the registered one."""
    known_as = seller.trading_name if binding.name == "UBL" else seller.name
    shared = {one.value for one in payee.identifiers} & {one.value for one in seller.identifiers}
    legal = payee.legal_id is not None and binding.name != "UBL" and payee.legal_id == seller.legal_id
    if not payee.name or payee.name == known_as or shared or legal:
        broken.append(Broken("BR-17", "a payee must have a name, and be another than the seller", "BT-59"))
    _codes(payee, "payee", "", "", broken)


def _delivered(delivered: Delivered, broken: list[Broken]) -> None:
    place, location = delivered.party, delivered.location
    if place is not None and place.address.country:
        _country(place, "place of delivery", broken)
    elif place is not None and place.address != _NOWHERE:
        broken.append(Broken("BR-57", "the address of delivery must have a country", "BT-80"))
    if location is not None and location.scheme and location.scheme not in IDENTIFIER_SCHEMES:
        broken.append(Broken("BR-CL-26", _no_scheme(location.scheme), "BT-71"))
