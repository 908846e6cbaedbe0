"""The lines of a postal address on a page: all of them, with the country where it is another than the seller's."""

from bill.postal_address import PostalAddress
from words.country_names import country_name


def postal_lines(address: PostalAddress, home: str, language: str) -> list[str]:
    """Return the lines of an address. *home* is the seller's country, which is not named."""
    town = f"{address.postcode} {address.city}".strip()
    country = country_name(address.country, language) if address.country not in ("", home) else ""
    return [line for line in (address.line1, address.line2, address.line3, town, address.subdivision, country) if line]
