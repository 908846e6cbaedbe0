"""Base class of the profile's TOML tables, and the error for a wrong key."""

import msgspec

from words.spoken_error import SpokenError


class ProfileError(SpokenError):
    """The profile is wrong. *key* is where (`delimited.columns.number`), the message says what to do."""

    def __init__(self, key: str, text: str, /, **values: object) -> None:
        where = "profile, {key}: {message}" if key else "profile: {message}"
        super().__init__(where, key=key, message=SpokenError(text, **values))
        self.key = key


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base class of the TOML tables; unknown keys are errors."""
