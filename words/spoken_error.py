"""An error that is told to a person: an English sentence with named blanks, and their values."""

from typing import Final

from babel.numbers import format_decimal

from words.catalogue import M_, locale_of, sentence

#: What the system says of a file, among the values of such an error.
_OF_FILES: Final = (
    M_("No such file or directory"), M_("Permission denied"), M_("Is a directory"), M_("Not a directory"),
    M_("File exists"), M_("File name too long"), M_("No space left on device"), M_("Read-only file system"),
)  # fmt: skip


class SpokenError(Exception):
    """An error whose message is the sentence with its values, in English; `spelled` says it in a reader's language."""

    def __init__(self, text: str, /, **values: object) -> None:
        self.sentence, self.values = text, {name: _without_number(value) for name, value in values.items()}
        super().__init__(text.format(**self.values))

    def spelled(self, language: str) -> str:
        """Return the message in this language. Values that are such errors, or words of the system, are spelled,
        too."""
        values = {name: _spelled(value, language) for name, value in self.values.items()}
        return sentence(self.sentence, language, domain="messages").format(**values)


def _without_number(value: object) -> object:
    """`Permission denied` for `[Errno 13] Permission denied: 'profile.toml'`, whose file the sentence names."""
    return value.strerror if isinstance(value, OSError) and value.strerror else value


def _spelled(value: object, language: str) -> object:
    if isinstance(value, SpokenError):
        return value.spelled(language)
    if isinstance(value, float):
        return format_decimal(value, locale=locale_of(language))
    return sentence(value, language, domain="messages") if value in _OF_FILES and isinstance(value, str) else value
