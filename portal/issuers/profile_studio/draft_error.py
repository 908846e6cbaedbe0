"""What is wrong with a mapping, said by the names that its page uses."""

from typing import Final

from issuers.profile_section import ProfileError
from portal.issuers.profile_studio.term_names import term_name
from portal.translation import language, say
from words.catalogue import N_

#: Settings by the last part of their key, as the page's fields are called.
_SETTINGS: Final = {
    "encoding": N_("Encodage"), "delimiter": N_("Entre les colonnes"), "decimal": N_("Avant les centimes"),
    "thousands": N_("Entre les milliers"), "dates": N_("Dates"),
}  # fmt: skip


def draft_error(error: ProfileError) -> str:
    """Returns what to do, after the name of the term or the setting that it is about; a place with no name on the page
    is named by its key, as in the profile."""
    advice, name = error.advice.spelled(language()), _name(error.key)
    return say("{name} : {advice}", name=name, advice=advice) if name else advice


def _name(key: str) -> str:
    term = (key.partition(".columns.")[2] or key.partition(".constants.")[2]).strip('"')
    setting = key.rpartition(".")[2]
    if term:
        return term_name(term)
    return say(_SETTINGS[setting]) if setting in _SETTINGS else key
