"""A postal address (EN 16931 BG-5, BG-8, BG-15), and what a letter there lacks."""

from bill.addressing.countries import are_inland, country_code, is_country
from bill.addressing.country_address_format import address_format
from bill.addressing.envelope_text import is_said
from bill.addressing.postcode_text import postcode_and_town
from bill.frozen_struct import FrozenStruct


class PostalAddress(FrozenStruct, frozen=True):
    """A postal address. Every term may be absent; nothing is guessed."""

    line1: str = ""  # BT-35, BT-50: number and street
    line2: str = ""  # BT-36, BT-51: flat, floor, building
    line3: str = ""  # BT-162, BT-163
    city: str = ""  # BT-37, BT-52
    postcode: str = ""  # BT-38, BT-53
    subdivision: str = ""  # BT-39, BT-54
    country: str = ""  # BT-40, BT-55: ISO 3166-1 alpha-2

    @property
    def is_postable(self) -> bool:
        """Whether a letter can be sent there."""
        return not self.lacking()

    @property
    def french_postcode(self) -> str:
        """The postcode as the French post writes it, also of F-44000 or with the town; abroad as given."""
        code = country_code(self.country) or "FR"
        return postcode_and_town(self.postcode, self.city, code)[0] if are_inland(code, "FR") else self.postcode

    def lacking(self, home_country: str = "FR") -> list[str]:
        """Return the terms that a letter lacks, of `city`, `postcode`, `line1` and `country`: a street or place, and
        what the country's post needs of town and postcode. An unknown country is lacking. *home_country* (alpha-2 code)
        is that of an address that names none. What an envelope does not show (`-`, `00000`, an emoji) is lacking."""
        code = country_code(self.country) or home_country
        form = address_format(code)
        postcode, town = postcode_and_town(self.postcode, self.city, code)
        is_there = {
            "city": is_said(town) or is_said(self.subdivision) or not form.needs_town,
            "postcode": bool(postcode) or not form.needs_postcode,
            "line1": any(map(is_said, (self.line1, self.line2, self.line3))),
            "country": is_country(code),
        }
        return [term for term, has in is_there.items() if not has]
