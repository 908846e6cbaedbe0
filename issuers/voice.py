"""An issuer's looks and words, changed by its members: tried on its last bills first (`issuers.trial`), then adopted.

What was adopted stands in place of the profile's `[brand]`, until another profile is handed in. Bills that were made
before keep the template they were made with.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy.orm import Session

from bill import LEAST_CONTRAST, contrast_on_white
from issuers.profile import Profile, Voice, check_colour, check_sections, check_typeface
from issuers.section import ProfileError
from store.event import record
from store.issuer import Issuer


class Looks(NamedTuple):
    """All that a member may change of a bill's looks: what `[brand]` says, and the mark (a PNG of ours)."""

    voice: Voice
    logo: bytes | None

    def differences(self, other: "Looks") -> tuple[str, ...]:
        """The keys of `[brand]` under which the two differ, in its own order."""
        mine, others = self.voice, other.voice
        return tuple(
            key
            for key in Voice.__struct_fields__
            if (self.logo != other.logo if key == "logo" else getattr(mine, key) != getattr(others, key))
        )


def voice_of(values: Mapping[str, Any], before: Voice) -> Voice:
    """*before*, with what these values change; ProfileError names the key that cannot be."""
    try:
        voice = msgspec.convert(msgspec.to_builtins(before) | dict(values), Voice)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at ")
        raise ProfileError(place.strip("`$.") or "brand", message) from error
    check_colour(voice.colour)
    check_sections(voice.sections)
    check_typeface(voice.typeface)
    if (contrast := contrast_on_white(voice.colour)) < LEAST_CONTRAST:
        raise ProfileError("brand.colour", f"contrast on white is {contrast:.1f}, and has to be {LEAST_CONTRAST:.0f}")
    return voice


def adopted(profile: Profile, voice: str | None) -> Profile:
    """The profile with the looks and words that stand in place of its own."""
    return msgspec.structs.replace(profile, brand=msgspec.json.decode(voice, type=Voice)) if voice else profile


def adopt(session: Session, issuer: Issuer, looks: Looks, before: Looks, by: str, now: datetime) -> None:
    """From now on the issuer's bills look and speak like this; the event says what is other than *before*."""
    issuer.voice, issuer.logo = msgspec.json.encode(looks.voice).decode(), looks.logo
    issuer.changed_at = now
    record(session, "issuer", issuer.id, "brand adopted", now, by=by, why=", ".join(looks.differences(before)))
