"""A layout as a member maps it on the page: the sample's fields, a term for each, and how values are written. It
becomes a table of the profile."""

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

import msgspec

from issuers.file_layouts import FieldPosition
from issuers.profile import read_profile
from issuers.profile_section import ProfileError
from issuers.profile_studio.sample_report import SampleReport
from issuers.profile_studio.toml_text import with_table

#: The keys of a layout's table that name an array, by the part of its terms.
_ARRAYS: Final = {"line": "lines", "vat": "vat", "instalment": "instalments", "preceding": "preceding"}
#: Terms that are often the same in all bills, and then in no field: who issues them, and where they are paid.
SAID_ONCE: Final = (
    "currency", "seller.name", "seller.legal_id", "seller.vat_id", "seller.line1", "seller.postcode", "seller.city",
    "seller.country", "payment.iban", "payment.bic", "payment.creditor_id",
)  # fmt: skip
#: Settings that a table has even where they are the default: whoever reads the file sees how values are written.
_ALWAYS: Final = frozenset({"encoding", "delimiter", "decimal", "dates", "lines_per_bill", "bills"})
#: Those that a page may leave empty: the table has none then.
_EMPTY: Final = {"thousands": "", "decimals": 0, "header": True}


class LayoutDraft(msgspec.Struct, frozen=True):
    """The mapping: *terms* by the sample's fields in their order ("" reads nothing), *places* of fixed width as they
    were corrected, *roles* of the kinds of records, and *constants* for terms that no field has ("": none any more)."""

    settings: Mapping[str, Any]
    terms: tuple[str, ...]
    places: tuple[FieldPosition | str, ...] = ()
    roles: Mapping[str, str] = {}
    constants: Mapping[str, str] = {}


def present_constants(text: str, syntax: str) -> dict[str, str]:
    """The constants that the profile *text* has for this syntax, by term."""
    constants: dict[str, str] = _present(text, syntax).get("constants", {})
    return constants


def proposed_draft(report: SampleReport, present: Mapping[str, str] = MappingProxyType({})) -> LayoutDraft:
    """The draft that a sample's report proposes, with the constants that the profile has; euros, where neither a field
    nor a constant says the currency."""
    terms = tuple(field.term for field in report.fields)
    return LayoutDraft(
        settings=report.settings, terms=terms, places=tuple(field.place for field in report.fields),
        roles={kind.tag: kind.role for kind in report.kinds},
        constants={**({} if "currency" in terms else {"currency": "EUR"}), **present},
    )  # fmt: skip


def profile_with_layout(text: str, report: SampleReport, draft: LayoutDraft) -> str:
    """The profile *text* with this layout in place of the one that it had for the sample's syntax; what the page does
    not show (a trailer, signs, quotes) stays. Raises ProfileError where a layout cannot be."""
    check_no_term_twice(report, draft)
    present = _present(text, report.syntax)
    if report.syntax in ("delimited", "records"):
        other = "records" if report.syntax == "delimited" else "delimited"
        if _present(text, other):
            text = with_table(text, other, None)
    changed = with_table(text, report.syntax, _table(report, draft, present))
    read_profile(changed)
    return changed


def check_no_term_twice(report: SampleReport, draft: LayoutDraft) -> None:
    """Raise ProfileError where two fields of one kind of record have the same term."""
    terms = Counter((field.part if report.syntax == "records" else "", term)
                    for field, term in zip(report.fields, draft.terms, strict=True) if term)  # fmt: skip
    for (_, term), count in terms.items():
        if count > 1:
            raise ProfileError(
                f"{report.syntax}.columns.{term}", "{count} fields are mapped to it: a term is one field", count=count
            )


def _present(text: str, table: str) -> dict[str, Any]:
    profile = msgspec.to_builtins(read_profile(text))
    written = profile.get(table)
    if written is None or (table == "json" and not written["columns"]):
        return {}
    return dict(written)


def _table(report: SampleReport, draft: LayoutDraft, present: Mapping[str, Any]) -> dict[str, Any]:
    managed = {*report.settings, *draft.settings, "columns", "kinds", "tag", "constants", *_ARRAYS.values()}
    kept = {key: value for key, value in present.items() if key not in managed and not _is_usual(key, value)}
    chosen = {**report.settings, **draft.settings}
    settings = {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in chosen.items()
        if key in _ALWAYS or value != _EMPTY.get(key, value)
    }
    table: dict[str, Any] = {**settings, **kept}
    mapped = [
        (field.part, term, place)
        for field, term, place in zip(report.fields, draft.terms, draft.places, strict=True)
        if term
    ]
    if report.syntax == "records":
        if report.tag is not None:
            table["tag"] = _place(report.tag)
        table["kinds"] = {tag: _kind(role, tag, mapped) for tag, role in draft.roles.items()}
    else:
        table |= {_ARRAYS[part]: path for part, path in report.arrays.items()}
        table["columns"] = {term: _place(place) for _, term, place in mapped}
    said = {term for _, term, _ in mapped}
    constants = {**present.get("constants", {}), **draft.constants}
    if constants := {term: value for term, value in constants.items() if term not in said and value}:
        table["constants"] = constants
    return table


def _kind(role: str, tag: str, mapped: Sequence[tuple[str, str, FieldPosition | str]]) -> dict[str, Any]:
    columns = {term: _place(place) for part, term, place in mapped if part == tag and role != "skip"}
    return {"role": role, "columns": columns} if columns else {"role": role}


def _place(place: FieldPosition | str) -> Any:
    return list(place) if isinstance(place, tuple) else place


def _is_usual(key: str, value: Any) -> bool:
    """Whether a setting is at the default that a table without it has."""
    return value in (None, "", 0, {}, []) or (key, value) in {("signs", "leading"), ("quote", '"')}
