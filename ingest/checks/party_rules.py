"""Checks the parties: names, addresses and identifiers of seller, buyer, payee and tax representative."""

from bill import Bill, Delivered, Party, PostalAddress
from ingest.checks.broken_rule import BrokenRule
from ingest.checks.code_list_reader import COUNTRIES, ELECTRONIC_ADDRESSES, IDENTIFIER_SCHEMES
from ingest.checks.ubl_cii_differences import Binding

_NOWHERE = PostalAddress()
#: BR-CO-09: Greece writes EL before its VAT numbers.
_VAT_PREFIXES = COUNTRIES | {"EL"}
_NO_SCHEME = "'{code}' is no scheme of identifiers (ISO/IEC 6523)"
_SELLER_NOWHERE = ("the seller must have an address", "the seller's address must have a country")
_BUYER_NOWHERE = ("the buyer must have an address", "the buyer's address must have a country")
_NAMED_NOWHERE = (
    "the tax representative must have an address",
    "the tax representative's address must have a country",
)


def check_parties(bill: Bill, binding: Binding, broken: list[BrokenRule]) -> None:
    """Check BR-06 to BR-11, BR-17 to BR-20, BR-56, BR-57, BR-62, BR-63, BR-CO-09, BR-CO-26 and the codes of parties."""
    seller, buyer = bill.seller, bill.buyer
    if not seller.name:
        broken.append(BrokenRule("BR-06", "a bill must name the seller", "BT-27"))
    if not buyer.name:
        broken.append(BrokenRule("BR-07", "a bill must name the buyer", "BT-44"))
    if not seller.address.country:
        _address(seller, binding, ("BR-08", "BR-09"), ("BG-5", "BT-40"), _SELLER_NOWHERE, broken)
    if not buyer.address.country:
        _address(buyer, binding, ("BR-10", "BR-11"), ("BG-8", "BT-55"), _BUYER_NOWHERE, broken)
    if not (seller.identifiers or seller.legal_id or seller.vat_id):
        broken.append(BrokenRule("BR-CO-26", "the seller must have an identifier", "BT-29, BT-30, BT-31"))
    _electronic(seller, "seller", ("BR-62", "the seller's electronic address must name its scheme"), "BT-34", broken)
    _electronic(buyer, "buyer", ("BR-63", "the buyer's electronic address must name its scheme"), "BT-49", broken)
    _codes(seller, "seller", broken)
    _codes(buyer, "buyer", broken)
    if bill.tax_representative is not None:
        _tax_representative(bill.tax_representative, binding, broken)
    if bill.payee is not None:
        _payee(bill.payee, seller, binding, broken)
    if bill.delivered is not None:
        _delivered(bill.delivered, broken)


def _address(
    party: Party, binding: Binding, rules: tuple[str, str], terms: tuple[str, str], wrong: tuple[str, str],
    broken: list[BrokenRule],
) -> None:  # fmt: skip
    absent = party.address == _NOWHERE
    if absent:
        broken.append(BrokenRule(rules[0], wrong[0], terms[0]))
    if not absent or binding.asks_country_anyhow:
        broken.append(BrokenRule(rules[1], wrong[1], terms[1]))


def _electronic(party: Party, who: str, unnamed: tuple[str, str], term: str, broken: list[BrokenRule]) -> None:
    electronic = party.electronic_address
    if electronic is None or electronic.scheme in ELECTRONIC_ADDRESSES:
        return
    if electronic.scheme:
        wrong = "'{code}' is no scheme of electronic addresses (CEF EAS)"
        broken.append(BrokenRule("BR-CL-25", wrong, f"{who}, {term}", {"code": electronic.scheme[:40]}))
    else:
        broken.append(BrokenRule(*unnamed, term))


def _codes(party: Party, who: str, broken: list[BrokenRule]) -> None:
    """Check identifier schemes, the country of the address and the country of the VAT number."""
    for identifier in party.identifiers:
        scheme = identifier.scheme
        if scheme and scheme not in IDENTIFIER_SCHEMES:
            broken += (BrokenRule("BR-CL-10", _NO_SCHEME, who, {"code": scheme[:40]}),)
    legal = party.legal_id
    if legal is not None and legal.scheme and legal.scheme not in IDENTIFIER_SCHEMES:
        broken.append(BrokenRule("BR-CL-11", _NO_SCHEME, who, {"code": legal.scheme[:40]}))
    _country(party, who, broken)
    if party.vat_id and party.vat_id[:2] not in _VAT_PREFIXES:
        wrong = "the VAT identifier '{vat_id}' does not begin with its country's code"
        broken.append(BrokenRule("BR-CO-09", wrong, f"{who}, BT-31, BT-48, BT-63", {"vat_id": party.vat_id[:40]}))


def _country(party: Party, who: str, broken: list[BrokenRule]) -> None:
    country = party.address.country
    if country and country not in COUNTRIES:
        broken.append(BrokenRule("BR-CL-14", "'{code}' is no country (ISO 3166-1)", who, {"code": country[:40]}))


def _tax_representative(representative: Party, binding: Binding, broken: list[BrokenRule]) -> None:
    if not representative.name:
        broken.append(BrokenRule("BR-18", "the tax representative must have a name", "BT-62"))
    if not representative.address.country:
        _address(representative, binding, ("BR-19", "BR-20"), ("BG-12", "BT-69"), _NAMED_NOWHERE, broken)
    if not representative.vat_id:
        broken.append(BrokenRule("BR-56", "the tax representative must have a VAT identifier", "BT-63"))
    _codes(representative, "tax representative", broken)


def _payee(payee: Party, seller: Party, binding: Binding, broken: list[BrokenRule]) -> None:
    """Check BR-17. UBL compares the trading names of payee and seller; UBL-SR-19 compares the registered names."""
    known_as = seller.trading_name if binding.name == "UBL" else seller.name
    shared = {one.value for one in payee.identifiers} & {one.value for one in seller.identifiers}
    legal = payee.legal_id is not None and binding.name != "UBL" and payee.legal_id == seller.legal_id
    if not payee.name or payee.name == known_as or shared or legal:
        broken.append(BrokenRule("BR-17", "a payee must have a name, and be another than the seller", "BT-59"))
    _codes(payee, "payee", broken)


def _delivered(delivered: Delivered, broken: list[BrokenRule]) -> None:
    place, location = delivered.party, delivered.location
    if place is not None and place.address.country:
        _country(place, "place of delivery", broken)
    elif place is not None and place.address != _NOWHERE:
        broken.append(BrokenRule("BR-57", "the address of delivery must have a country", "BT-80"))
    if location is not None and location.scheme and location.scheme not in IDENTIFIER_SCHEMES:
        broken.append(BrokenRule("BR-CL-26", _NO_SCHEME, "BT-71", {"code": location.scheme[:40]}))
