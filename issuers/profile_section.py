"""Base class of the profile's TOML tables, and the error for a wrong key."""

import msgspec

from words.spoken_error import SpokenError


class ProfileError(SpokenError):
    """The profile is wrong. *key* is where (`delimited.columns.number`), the message says what to do;
    *advice* is the message alone, for a page that names the place in its own words."""

    def __init__(self, key: str, text: str, /, **values: object) -> None:
        where = "profile, {key}: {message}" if key else "profile: {message}"
        self.key, self.advice = key, SpokenError(text, **values)
        super().__init__(where, key=key, message=self.advice)


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base class of the TOML tables; unknown keys are errors."""
