"""Where a letter goes and where it comes back to: the account's address and the sender's."""

from typing import Final

from msgspec.structs import replace

from bill import Party, PostalAddress, Reason, are_inland, country_code, envelope_lines
from delivery.bereavement_reasons import KEPT
from issuers.profile import Sender
from issuers.registry import profile_of
from store.accounts.customer_account import CustomerAccount
from store.bills.bill import BillRow
from store.delivery import Delivery
from store.issuer import Issuer

#: The code of the reason why a letter is held that has no whole address.
INCOMPLETE: Final = "address_incomplete"
#: The code of the reason why a letter is held whose addressee has died, as the issuer says.
HOLDER_DIED: Final = "holder_died"
#: The code of the reason of a letter that came back.
CAME_BACK: Final = "letter_came_back"
#: The code of the reason why a letter is held since another came back from its address.
SUPPRESSED: Final = "address_suppressed"
_ESTATE: Final = "Succession"
_OF: Final = "de"


class AddressIncomplete(Exception):  # noqa: N818
    """The letter cannot be posted; *reason* says what its address lacks."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code)
        self.reason = reason


def letter_address(account: CustomerAccount, issuer: Issuer, bill: BillRow, home: str) -> PostalAddress:
    """Return the address on the account's letters: after a death, that of whoever settles the estate, once a person
    has said so. Where it names no country, it is in the sender's; *home* is the print house's."""
    address = estate_address(account) or account.postal_address
    if address.country.strip():
        return address
    return replace(address, country=country_code(sender_of(issuer, bill).address.country) or home)


def estate_address(account: CustomerAccount) -> PostalAddress | None:
    """Return where letters of an estate go, as a person decided; None for any other account."""
    decision = account.bereavement_decision
    return decision.address if decision is not None and decision.verdict == "estate" else None


def addressee(account: CustomerAccount, bill: BillRow) -> str:
    """Return the name on the envelope. The post reads it, so that an estate is called so in French."""
    holder = account.holder or bill.buyer_name
    if estate_address(account) is None or holder.casefold().startswith(_ESTATE.casefold()):
        return holder
    return f"{_ESTATE} {_OF} {holder}"


def awaits_address(letter: Delivery) -> bool:
    """Whether a held letter waits for another address: this one was incomplete, the post brought this letter or
    another back, or the addressee has died. One that came back and needs no answer any more does not."""
    came_back = letter.batch_id is not None and letter.decided_by == ""
    return came_back or letter.reason_code in {INCOMPLETE, HOLDER_DIED, KEPT, SUPPRESSED}


def incomplete_address(address: PostalAddress) -> Reason | None:
    """Return what the address lacks for a letter to be posted, as a reason; None when nothing does."""
    lacking = list(address.lacking())
    return Reason.of("address_incomplete", address_parts=lacking) if lacking else None


def sender_of(issuer: Issuer, bill: BillRow) -> Party:
    """Return who sends the letter: the issuer at its profile's address, else the bill's seller."""
    sender = profile_of(issuer).sender
    if sender.city:
        return Party(name=issuer.name, address=_address_of(sender))
    seller = bill.bill.seller
    return Party(name=seller.name or issuer.name, address=seller.address)


def return_lines(issuer: Issuer, bill: BillRow, to: PostalAddress, home: str) -> tuple[str, ...]:
    """Return the lines to which a letter comes back when it cannot be delivered. *home* is the print house's country;
    the sender's is named where the letter leaves it."""
    sender = sender_of(issuer, bill)
    country = country_code(sender.address.country) or home
    leaves = not (are_inland(country_code(to.country) or home, home) and are_inland(country, home))
    return envelope_lines(sender.name, replace(sender.address, country=country), "" if leaves else home)


def _address_of(sender: Sender) -> PostalAddress:
    return PostalAddress(
        line1=sender.line1, line2=sender.line2, postcode=sender.postcode, city=sender.city, country=sender.country
    )
