"""What makes a page the issuer's own: name, mark, colour, words. Data only; `render` compiles it."""

from datetime import date

from bill.company import PLATFORMS_SINCE
from bill.noun import Noun
from bill.party import Party


class Brand(Noun, frozen=True):
    """An issuer's looks, the same for all its bills of one template version."""

    name: str
    colour: str = "#1f4e5a"  # of the thin line and the heads; must be readable on white
    logo: bytes | None = None  # PNG or JPEG
    language: str = "fr"  # of the fixed words: fr, en, de, nl or es
    sender: Party = Party()  # who stands above the window, and where returned mail goes
    tagline: str = ""  # a few words beside the logo
    help_lines: tuple[str, ...] = ()  # whom to ask: telephone, hours, site
    legal_text: str = ""  # small print at the foot of the last page
    message: str = ""  # a word to everybody, in its own place on page one
    pay_url: str = ""  # where to pay on line; {number}, {amount} and {account} are filled in
    unit_names: tuple[tuple[str, str], ...] = ()  # how unit codes are written: (("KWH", "kWh"),)
    platforms_since: date = PLATFORMS_SINCE  # from then on a company's bill is a copy (`bill.goes_by_platform`)
