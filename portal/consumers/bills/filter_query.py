"""The filter of the list of bills as it stands in the address: read from the query of a request, and written to links.

What is malformed is left out. An issuer or a contract that is not the reader's finds nothing, as one that is not there.
"""

from collections.abc import Collection, Mapping
from typing import Any, Final

from portal.form_input import one_line
from portal.page_address import url_for
from portal.presenters.marked_words import LONGEST_SEARCH
from portal.public_id_converter import public_id, row_of
from store.bills.bill_filter import BillFilter, BillKind
from store.bills.bill_tag import LONGEST_FOLDED, folded_tag
from store.listed_issuer import ListedIssuer

#: How kinds are called in addresses.
KINDS: Final[dict[str, BillKind]] = {
    "facture": "invoice", "avoir": "credit_note", "rectificative": "corrective", "echeances": "instalments",
}  # fmt: skip
_NAMES: Final = {kind: name for name, kind in KINDS.items()}
#: No row has this number.
_NOBODY: Final = 0


def read_filter(query: Mapping[str, str], issuers: Collection[ListedIssuer]) -> BillFilter:
    """Returns the filter that a query names; *issuers* are those of the reader's accounts."""
    slug = query.get("emetteur", "")
    year = query.get("annee", "")
    return BillFilter(
        issuer_id=next((each.id for each in issuers if each.slug == slug), _NOBODY) if slug else None,
        account_id=row_of(query.get("contrat", ""), "account"),
        year=int(year) if len(year) == 4 and year.isascii() and year.isdecimal() and year > "0000" else None,
        kind=KINDS.get(query.get("genre", "")),
        is_unpaid=query.get("impayees", "") == "1",
        tag=folded_tag(one_line(query.get("etiquette", ""), LONGEST_FOLDED)),
        asked=one_line(query.get("cherche", ""), LONGEST_SEARCH),
    )


def written_filter(only: BillFilter, issuers: Collection[ListedIssuer]) -> dict[str, str]:
    """Returns the query that names this filter, in one order."""
    slug = next((each.slug for each in issuers if each.id == only.issuer_id), "-" if only.issuer_id is not None else "")
    written = {
        "emetteur": slug,
        "contrat": "" if only.account_id is None else public_id(only.account_id, "account"),
        "annee": "" if only.year is None else f"{only.year:04}",
        "genre": name_of_kind(only.kind) if only.kind else "",
        "impayees": "1" if only.is_unpaid else "",
        "etiquette": only.tag,
        "cherche": only.asked,
    }
    return {name: value for name, value in written.items() if value}


def name_of_kind(kind: BillKind) -> str:
    """Returns how this kind is called in addresses."""
    return _NAMES[kind]


def filtered_url(only: BillFilter, issuers: Collection[ListedIssuer], **also: Any) -> str:
    """Returns the address of the list that this filter leaves, with what *also* belongs into its query."""
    return url_for("home.show", **{**written_filter(only, issuers), **also})
