"""The brand editor's form: its fields from brand settings, brand settings from its fields, and errors by field."""

from typing import Any, Final

from flask import request

from bill import SECTIONS
from issuers.brand_settings import BrandSettings, brand_settings_json
from issuers.logo import MOST_BYTES, LogoError, LogoFault, clean_logo
from issuers.profile import BrandTable
from issuers.profile_section import ProfileError
from portal.form_input import form_value, one_line
from portal.issuers.colour_contrast import colour_contrast_of
from portal.presenters.amounts_and_dates import number
from portal.translation import say
from words.language_names import own_name
from words.printed_languages import PRINTED

#: Fields of one line, and how much each holds.
LINES: Final = {"tagline": 80, "message": 200, "legal_text": 1500}
#: Lines of help beside the payment slip: how many are offered, and how much each holds.
HELP_LINES: Final = 3
HELP_SIZE: Final = 60

#: Parts that a page has, each in one place at most.
PLACES: Final = len(SECTIONS)

Form = dict[str, Any]
Errors = dict[str, str]


def form_of(voice: BrandTable) -> Form:
    """Returns the fields' values for these settings. A profile may have more lines of help than the form offers."""
    helping = [*voice.help_lines, *[""] * (HELP_LINES - len(voice.help_lines))]
    lines = {name: getattr(voice, name) for name in LINES}
    places = [*voice.sections, *[""] * (PLACES - len(voice.sections))]
    chosen = {"colour": voice.colour, "language": voice.language, "typeface": voice.typeface}
    return lines | chosen | {"help_lines": helping, "sections": places}


def typed_form(before: BrandTable) -> Form:
    """Returns the typed values, each cut to its field's size. A field that was not changed keeps the value *before*,
    including what a field cannot hold (no-break spaces, length)."""
    began = form_of(before)
    helping = [_typed(f"help_{n}", HELP_SIZE, line) for n, line in enumerate(began["help_lines"], 1)]
    lines = {name: _typed(name, most, began[name]) for name, most in LINES.items()}
    places = [form_value(f"section_{n}", 20) for n in range(1, PLACES + 1)]
    chosen = {
        "colour": form_value("colour", 7).lower(),
        "language": form_value("language", 6),
        "typeface": form_value("typeface", 20),
    }
    return lines | chosen | {"help_lines": helping, "sections": places}


def _typed(name: str, most: int, before: str) -> str:
    text = form_value(name, most)
    return before if text == one_line(before, most) else text


def read_looks(form: Form, before: BrandSettings) -> tuple[BrandSettings, Errors]:
    """Returns the settings *before* changed by the form and the uploaded logo, and the errors in words by field."""
    errors = Errors()
    return BrandSettings(_voice(form, before.voice, errors), _logo(before.logo, errors)), errors


def parts_of_a_page() -> dict[str, str]:
    """Returns the parts between the amount due and the payment slip, with their names."""
    return {
        "consumption": say("Consommation dessinée"),
        "message": say("Un mot à tous"),
        "lines": say("Détail et totaux"),
        "notes": say("Conditions et notes de la facture"),
    }


def label_languages() -> dict[str, str]:
    """Returns the languages of the fixed words that can be chosen, with their names."""
    return {"seller": say("Celle du pays de l’émetteur")} | {each: own_name(each) for each in PRINTED}


def typefaces() -> dict[str, str]:
    """Returns the typefaces that can be chosen, with their names."""
    return {"sans": say("Sans empattements (Source Sans)"), "serif": say("Avec empattements (Source Serif)")}


def wrong_with_logo(fault: LogoFault) -> str:
    """Returns what is wrong with a logo and what to do, in words."""
    match fault:
        case "heavy":
            return say("Ce fichier pèse plus de 1 Mo. Exportez votre logo en 660 × 190 pixels : c’est assez.")
        case "vast":
            return say("Cette image a trop de pixels. Exportez votre logo en 660 × 190 pixels : c’est assez.")
        case "more":
            return say("Ce fichier contient autre chose après l’image. Exportez-le de nouveau, en PNG ou en JPEG.")
        case "unseen":
            return say("Ce logo est blanc : sur le papier, on ne le verrait pas. Prenez celui pour fond clair.")
        case "unreadable":
            return say("Ce n’est pas une image PNG ou JPEG qui s’ouvre. Exportez-la de nouveau.")


def _voice(form: Form, before: BrandTable, errors: Errors) -> BrandTable:
    several = {name: [each for each in form[name] if each] for name in ("help_lines", "sections")}
    try:
        return brand_settings_json(form | several, before)
    except ProfileError as error:
        field = error.key.removeprefix("brand.").partition("[")[0]
        errors[field] = _wrong_with(field, form)
        return before


def _wrong_with(field: str, form: Form) -> str:
    if field == "colour":
        return _wrong_with_colour(form["colour"])
    if field == "sections" and "lines" not in form["sections"]:
        return say("Une facture dit ce qu’elle compte : donnez une place au détail.")
    if field == "sections" and set(form["sections"]) <= {*SECTIONS, ""}:
        return say("Chaque partie n’a qu’une place.")
    return say("Choisissez dans la liste.")


def _wrong_with_colour(colour: str) -> str:
    legible = colour_contrast_of(colour)
    if legible is None:
        return say("Ce n’est pas une couleur.")
    return say("Contraste sur le blanc {ratio} : {words}.", ratio=number(legible.contrast), words=legible.words)


def _logo(before: bytes | None, errors: Errors) -> bytes | None:
    """Returns the uploaded logo, cleaned; else the one before, unless it is to be removed."""
    file = request.files.get("logo")
    if not file:
        return None if "no_logo" in request.form else before
    try:
        return clean_logo(file.read(MOST_BYTES + 1))
    except LogoError as error:
        errors["logo"] = wrong_with_logo(error.fault)
        return before
