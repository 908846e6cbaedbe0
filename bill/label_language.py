"""Find the language of the words printed on a bill, where the issuer's profile names none: that of the seller's
country."""

from typing import Final

from bill.bill import Bill
from bill.postal_address import PostalAddress
from words.printed_languages import DEFAULT, PRINTED

#: Of a seller without a country, and of one in whose country's language we have no words.
_AT_HOME: Final = DEFAULT
_ABROAD: Final = "en"

#: The language that bills are written in, and the countries (ISO 3166-1). Those of several languages are not here.
_COUNTRIES: Final = (
    ("fr", "FR MC GP MQ GF RE YT PM BL MF WF PF NC TF BF BI BJ CD CF CG CI CM DJ DZ GA GN HT KM MA MG ML MR NE SN TD"),
    ("fr", "TG TN"),
    ("en", "GB IE US AU NZ ZA IN SG HK PH MT GI JE GG IM BM BS BB BZ BW FJ GH GM GY JM KE LR LS LK MU MW NA NG PG PK"),
    ("en", "RW SC SL SZ TT TZ UG VG VI ZM ZW AG AI DM FK FM GD GU KN KY LC MH MS PW SB SH TC TO VC VU WS AS MP"),
    ("de", "DE AT LI"),
    ("nl", "NL SR AW CW SX BQ"),
    ("es", "ES MX AR CL CO PE EC BO PY UY VE CR PA NI HN SV GT DO CU PR GQ AD"),
)  # fmt: skip
_LANGUAGE_OF: Final = {country: language for language, each in _COUNTRIES for country in each.split()}

#: Countries of several of our languages: the last applies where nothing tells which.
_SPOKEN: Final = {"BE": ("nl", "de", "fr"), "CH": ("fr", "de"), "LU": ("de", "fr"), "CA": ("fr", "en")}
#: Legal forms that are told in one language only.
_FORMS: Final = {
    "BE": (
        ("fr", {"SA", "SRL", "SPRL", "ASBL", "SCRL", "SC", "SNC"}),
        ("nl", {"NV", "BV", "BVBA", "VZW", "CVBA", "CV", "VOF"}),
    ),
    "CH": (("fr", {"SA", "SARL", "SÀRL", "SNC"}), ("de", {"AG", "GMBH", "GENOSSENSCHAFT"})),
    "CA": (("fr", {"INC", "SENC"}), ("en", {"LTD", "CORP"})),
}  # fmt: skip


def label_language(bill: Bill) -> str:
    """The language of the seller's country, one of PRINTED. In a country of several, the first that tells: the
    language that the bill names, the seller's postcode, its legal form, the buyer's postcode. Where we have no words in
    the country's language: the language that the bill names, else that of the buyer's country, else English."""
    country = bill.seller.address.country.upper() or bill.seller.vat_id[:2].upper()
    own = bill.language[:2].lower()
    spoken = _SPOKEN.get(country)
    if spoken is None:
        return _LANGUAGE_OF.get(country) or (own if own in PRINTED else _abroad(country, bill.buyer.address))
    if own in spoken:
        return own
    return (
        _by_postcode(bill.seller.address, country)
        or _by_form(bill, country)
        or _by_postcode(bill.buyer.address, country)
        or spoken[-1]
    )


def country_language(address: PostalAddress) -> str:
    """The language of a seller of whom no bill is known yet, by its address."""
    country = address.country.upper()
    spoken = _SPOKEN.get(country)
    if spoken is None:
        return _LANGUAGE_OF.get(country) or (_ABROAD if country else _AT_HOME)
    return _by_postcode(address, country) or spoken[-1]


def _abroad(country: str, buyer: PostalAddress) -> str:
    """The language for a seller of this country, in whose language we have no words; "": its country is unknown."""
    return _LANGUAGE_OF.get(buyer.country.upper(), _ABROAD) if country else _AT_HOME


def _by_form(bill: Bill, country: str) -> str:
    """The language of the seller's legal form, if its name or form (BT-33) says one."""
    said = f"{bill.seller.name} {bill.seller.legal_form}".upper().replace(".", "").replace(",", " ").split()
    return next((language for language, forms in _FORMS.get(country, ()) if forms & set(said)), "")


def _by_postcode(address: PostalAddress, country: str) -> str:
    """The language of the region that a postcode is in; "" if the address is elsewhere, or the region has two."""
    if address.country.upper() != country:
        return ""
    code = address.postcode.upper().removeprefix(f"{country}-").removeprefix(country[0] + "-").strip()
    if country == "CA":
        return "fr" if code[:1] in {"G", "H", "J"} else "en" if code else ""
    region = {"BE": _in_belgium, "CH": _in_switzerland}.get(country)
    if region is None or len(code) < 4 or not (code[:4].isascii() and code[:4].isdecimal()):
        return ""
    return region(int(code[:4]))


def _in_belgium(code: int) -> str:
    """The language of the region (coordinated laws of 18 July 1966). Brussels has two, 4700 to 4799 is German."""
    if code < 1300:
        return ""
    if code < 1500 or 4000 <= code < 4700 or 4800 <= code < 8000:
        return "fr"
    return "de" if 4700 <= code < 4800 else "nl"


def _in_switzerland(code: int) -> str:
    """The language of the canton or district. Biel has two, Italian Switzerland none of ours."""
    if 2500 <= code < 2510 or 6500 <= code < 7000:
        return ""
    return "fr" if code < 2500 or 2600 <= code < 3000 or 3960 <= code < 3980 else "de"
