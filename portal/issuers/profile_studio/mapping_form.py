"""The mapping page's form: a layout draft from its fields, and its fields from a draft."""

import re
from collections.abc import Mapping
from typing import Any, Final

from flask import request

from issuers.file_layouts import FieldPosition
from issuers.profile_section import ProfileError
from issuers.profile_studio.layout_draft import SAID_ONCE, LayoutDraft, proposed_draft
from issuers.profile_studio.sample_report import SampleReport
from portal.form_input import form_value, one_line
from portal.translation import say
from words.catalogue import N_

#: Settings that are typed or chosen, in the order of the page; those of fixed width with a place each.
TYPED: Final = ("encoding", "delimiter", "decimal", "thousands", "decimals", "dates", "lines_per_bill", "bills")
#: The longest constant.
LONGEST_CONSTANT: Final = 300
#: The delimiters by the names that a form field keeps.
_DELIMITERS: Final = {"tab": "\t"}
ROLES: Final = {
    "bill": N_("commence une facture"), "part": N_("complète la facture"), "row": N_("une ligne entière"),
    "feed": N_("vaut pour tout le fichier"), "skip": N_("ne pas lire"),
}  # fmt: skip
_PLACE: Final = re.compile(r"\s*([0-9]{1,5})\s*[,;:+ ]\s*([0-9]{1,5})\s*").fullmatch


def role_names() -> dict[str, str]:
    """Returns the roles of kinds of records, in the reader's language."""
    return {role: say(text) for role, text in ROLES.items()}


def typed_draft(report: SampleReport, present: Mapping[str, str]) -> LayoutDraft:
    """Returns the draft that was typed, of a profile with the constants *present*; a field that the form does not have
    keeps what was found. Raises ProfileError for a place that cannot be read."""
    found = proposed_draft(report, present)
    terms = tuple(
        _known(form_value(f"term_{at}", 60), report.terms, field.term) for at, field in enumerate(report.fields)
    )
    settings = {key: _typed(key, value) for key, value in report.settings.items() if key != "header"}
    if report.syntax == "records":
        settings.setdefault("decimals", _typed("decimals", 0))
    roles = {kind.tag: _known(form_value(f"role_{n}", 8), tuple(ROLES), kind.role)
             for n, kind in enumerate(report.kinds)}  # fmt: skip
    places = tuple(_place(at, place, report) for at, place in enumerate(found.places))
    constants = {term: _constant(term, value) for term, value in constants_shown(found).items() if term not in terms}
    return LayoutDraft({**settings, **_kept(report)}, terms, places, roles, constants)


def constants_shown(draft: LayoutDraft) -> dict[str, str]:
    """Returns the constants as the form's fields show them, by term: those that are often needed, and whatever the
    profile has besides."""
    return {**dict.fromkeys(SAID_ONCE, ""), **draft.constants}


def constant_field(term: str) -> str:
    """Returns the name of a constant's field: `once_seller_name`."""
    return f"once_{term.replace('.', '_')}"


def _constant(term: str, before: str) -> str:
    name = constant_field(term)
    if name not in request.form:
        return before
    typed = one_line(form_value(name, LONGEST_CONSTANT), LONGEST_CONSTANT)
    return typed.upper() if term == "currency" else typed


def settings_shown(draft: LayoutDraft) -> dict[str, str]:
    """Returns the settings as the form's fields show them."""
    shown = {key: value for key, value in draft.settings.items() if key in TYPED}
    return {key: _shown(key, value) for key, value in shown.items()}


def _kept(report: SampleReport) -> dict[str, Any]:
    return {key: value for key, value in report.settings.items() if key == "header"}


def _known(typed: str, known: tuple[str, ...], before: str) -> str:
    """A choice of a list; where the form does not say, what was found."""
    return typed if typed in known or typed == "" else before


def _typed(key: str, value: Any) -> Any:
    if key not in request.form:
        return value
    typed = form_value(key, 200)
    if key == "decimals":
        return int(typed) if typed.isascii() and typed.isdigit() and int(typed) <= 6 else 0
    if key == "dates":
        forms = [each.strip() for each in typed.split(" | ") if each.strip()]
        return forms[0] if len(forms) == 1 else tuple(forms) or value
    if key == "thousands":
        return {"space": " ", "none": ""}.get(typed, typed[:1])
    return _DELIMITERS.get(typed, typed) or value


def _shown(key: str, value: Any) -> str:
    if key == "dates" and not isinstance(value, str):
        return " | ".join(value)
    if key == "thousands":
        return {" ": "space", "\N{NO-BREAK SPACE}": "space", "\N{NARROW NO-BREAK SPACE}": "space", "": "none"}.get(
            value, str(value)
        )
    return "tab" if value == "\t" else str(value)


def _place(at: int, before: FieldPosition | str, report: SampleReport) -> FieldPosition | str:
    if report.syntax != "records" or f"place_{at}" not in request.form:
        return before
    match = _PLACE(form_value(f"place_{at}", 20))
    if match is None:
        raise ProfileError(f"records.place_{at}", "give [from, length]")
    return int(match[1]), int(match[2])
