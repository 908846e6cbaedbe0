"""Base class of the profile's TOML tables, and the error for a wrong key."""

import msgspec


class ProfileError(Exception):
    """The profile is wrong. *key* is where (`delimited.columns.number`), the message says what to do."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(f"profile, {key}: {message}" if key else f"profile: {message}")
        self.key = key


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base class of the TOML tables; unknown keys are errors."""
