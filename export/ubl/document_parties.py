"""Writes the parties of a UBL document: seller, buyer, payee, tax representative, and the delivery (BG-4, BG-7, BG-10,
BG-11, BG-13)."""

from bill import Bill, Contact, Identifier, Party, PostalAddress
from export.one_payment import one_payment
from export.ubl.xml_elements import branch, identified, leaf, on_day


def write_parties(bill: Bill) -> str:
    """Return seller, buyer, payee and tax representative, those that there are."""
    creditor = one_payment(bill).creditor_id
    return "".join(
        [
            branch("AccountingSupplierParty", _party(bill.seller, creditor, is_seller=True)),
            branch("AccountingCustomerParty", _party(bill.buyer, "", is_seller=False)),
            _payee(bill.payee) if bill.payee else "",
            _representative(bill.tax_representative) if bill.tax_representative else "",
        ]
    )


def write_delivery(bill: Bill) -> str:
    """Return where and when it was delivered (BG-13); "" if nothing is said of it."""
    given = bill.delivered
    if given is None:
        return ""
    address = _address("Address", given.party.address) if given.party and given.party.address.country else ""
    return branch(
        "Delivery",
        on_day("ActualDeliveryDate", given.on),
        branch("DeliveryLocation", identified("ID", given.location), address),
        branch("DeliveryParty", _name(given.name or (given.party.name if given.party else ""))),
    )


def _party(party: Party, creditor: str, *, is_seller: bool) -> str:
    """A seller is told more of than a buyer: its tax number, its legal form and, in SEPA, its creditor identifier."""
    electronic = party.electronic_address
    return branch(
        "Party",
        identified("EndpointID", electronic) if electronic and electronic.scheme else "",
        "".join(_identification(each) for each in party.identifiers),
        _identification(Identifier(value=creditor, scheme="SEPA")) if creditor else "",
        _name(party.trading_name),
        _address("PostalAddress", party.address),
        _registration(party.vat_id, "VAT"),
        _registration(party.tax_id, "TAX") if is_seller else "",
        branch(
            "PartyLegalEntity",
            leaf("RegistrationName", party.name),
            identified("CompanyID", party.legal_id),
            leaf("CompanyLegalForm", party.legal_form) if is_seller else "",
        ),
        _contact(party.contact) if party.contact else "",
    )


def _payee(payee: Party) -> str:
    return branch(
        "PayeeParty",
        "".join(_identification(each) for each in payee.identifiers[:1]),
        _name(payee.name),
        branch("PartyLegalEntity", identified("CompanyID", payee.legal_id)),
    )


def _representative(party: Party) -> str:
    return branch(
        "TaxRepresentativeParty",
        _name(party.name),
        _address("PostalAddress", party.address),
        _registration(party.vat_id, "VAT"),
    )


def _identification(identifier: Identifier) -> str:
    return branch("PartyIdentification", identified("ID", identifier))


def _name(name: str) -> str:
    return branch("PartyName", leaf("Name", name))


def _registration(number: str, scheme: str) -> str:
    return (
        branch("PartyTaxScheme", leaf("CompanyID", number), branch("TaxScheme", leaf("ID", scheme))) if number else ""
    )


def _contact(contact: Contact) -> str:
    return branch(
        "Contact", leaf("Name", contact.name), leaf("Telephone", contact.phone), leaf("ElectronicMail", contact.email)
    )


def _address(tag: str, address: PostalAddress) -> str:
    return branch(
        tag,
        leaf("StreetName", address.line1),
        leaf("AdditionalStreetName", address.line2),
        leaf("CityName", address.city),
        leaf("PostalZone", address.postcode),
        leaf("CountrySubentity", address.subdivision),
        branch("AddressLine", leaf("Line", address.line3)),
        branch("Country", leaf("IdentificationCode", address.country)),
    )
