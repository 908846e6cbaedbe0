"""An issuer's brand: name, logo, colour, typeface, page sections and texts. Data only; `render` draws it."""

from datetime import date
from typing import Final, Literal

from bill.branding.typefaces import SANS
from bill.e_invoicing_mandate import PLATFORMS_SINCE
from bill.frozen_struct import FrozenStruct
from bill.party import Party

#: A section of a page, between the key facts and the footer.
PagePart = Literal["consumption", "message", "lines", "notes"]
#: The default sections of a page, in order.
SECTIONS: Final[tuple[PagePart, ...]] = ("consumption", "message", "lines", "notes")
#: The default item attribute (BT-160) whose value (BT-161) groups lines.
GROUP: Final = "Rubrique"
#: Group lines by their invoiced object (BT-128): a meter, a telephone number.
BY_OBJECT: Final = "BT-128"


class Brand(FrozenStruct, frozen=True):
    """An issuer's brand, the same for all bills of one template version."""

    name: str
    colour: str = "#1f4e5a"  # of rules and headings; must be readable on white
    logo: bytes | None = None  # PNG or JPEG
    language: str = "fr"  # of the fixed words: fr, en, de, nl or es
    sender: Party = Party()  # the return address, above the envelope's window
    tagline: str = ""  # a few words beside the logo
    help_lines: tuple[str, ...] = ()  # contact lines: telephone, hours, site
    legal_text: str = ""  # small print at the foot of the last page
    message: str = ""  # a message to all customers, on page one
    pay_url: str = ""  # where to pay on line; {number}, {amount} and {account} are filled in
    unit_names: tuple[tuple[str, str], ...] = ()  # how unit codes are written: (("KWH", "kWh"),)
    platforms_since: date = PLATFORMS_SINCE  # from this day on a company's bill is a copy (`bill.goes_by_platform`)
    sections: tuple[PagePart, ...] = SECTIONS  # of the page, in their order; "lines" among them
    grouped_by: str = GROUP  # what lines are grouped by: an item attribute, BY_OBJECT, or "" for nothing
    typeface: str = SANS  # one of TYPEFACES
    account_term: str = ""  # the term of the account number (`bill.labelled_account_number`); "" tries all
    account_label: str = ""  # the issuer's own name for that number
