"""A dwelling's address in comparable form: the same for all spellings of one flat, another for its neighbour's."""

import hashlib

from bill.addressing.countries import country_code
from bill.matching.address_matching import address_words
from bill.postal_address import PostalAddress


def dwelling_key(address: PostalAddress) -> str:
    """32 hex digits of a dwelling; "" where the address has no house number or no postcode: it may then be a whole
    village. Flat, floor, stairs and building tell dwellings apart, also where one of two addresses names none."""
    words, postcode = address_words(address)
    if not postcode or not any(word.isdecimal() for word in words):
        return ""
    plain = sorted(word.lstrip("0") if word.isdecimal() else word for word in words)
    return hashlib.sha256("\n".join([country_code(address.country) or "FR", postcode, *plain]).encode()).hexdigest()[
        :32
    ]
