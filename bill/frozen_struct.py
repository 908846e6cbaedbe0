"""Base class of the bill data classes: a frozen msgspec struct, packed as an array."""

import msgspec


class FrozenStruct(msgspec.Struct, frozen=True, kw_only=True, array_like=True, omit_defaults=True):
    """A frozen record, packed as an array: a new field goes last and has a default."""
