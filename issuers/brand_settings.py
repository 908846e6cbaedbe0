"""Brand settings that an issuer's members change in the portal: previewed first, then adopted.

Adopted settings replace the profile's `[brand]` table until a new profile is uploaded. Bills made earlier keep the
template they were made with.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy.orm import Session

from bill import LEAST_CONTRAST, Reason, contrast_on_white
from issuers.profile import BrandTable, Profile, check_colour, check_sections, check_typeface
from issuers.profile_section import ProfileError
from store.db.event import record
from store.issuer import Issuer


class BrandSettings(NamedTuple):
    """What a member may change of a brand: the `[brand]` table (*voice*) and the logo (a re-encoded PNG)."""

    voice: BrandTable
    logo: bytes | None

    def differences(self, other: "BrandSettings") -> tuple[str, ...]:
        """The keys of `[brand]` in which the two differ, in the table's order."""
        mine, others = self.voice, other.voice
        return tuple(
            key
            for key in BrandTable.__struct_fields__
            if (self.logo != other.logo if key == "logo" else getattr(mine, key) != getattr(others, key))
        )


def brand_settings_json(values: Mapping[str, Any], before: BrandTable) -> BrandTable:
    """The table *before* with these values changed; raises ProfileError for an unusable key."""
    try:
        voice = msgspec.convert(msgspec.to_builtins(before) | dict(values), BrandTable)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at ")
        raise ProfileError(place.strip("`$.") or "brand", "{reason}", reason=message) from error
    check_colour(voice.colour)
    check_sections(voice.sections)
    check_typeface(voice.typeface)
    if (contrast := contrast_on_white(voice.colour)) < LEAST_CONTRAST:
        raise ProfileError(
            "brand.colour", "contrast on white is {contrast}, and has to be {least}",
            contrast=round(contrast, 1), least=LEAST_CONTRAST,
        )  # fmt: skip
    return voice


def with_brand_settings(profile: Profile, voice: str | None) -> Profile:
    """The profile with these adopted settings (JSON) in place of its own; None changes nothing."""
    return msgspec.structs.replace(profile, brand=msgspec.json.decode(voice, type=BrandTable)) if voice else profile


def adopt_brand_settings(
    session: Session, issuer: Issuer, looks: BrandSettings, before: BrandSettings, by: str, now: datetime
) -> None:
    """Adopt these settings for the issuer's bills from now on; the event lists the differences from *before*."""
    issuer.voice, issuer.logo = msgspec.json.encode(looks.voice).decode(), looks.logo
    issuer.changed_at = now
    why = Reason.of("brand_changed", brand_keys=list(looks.differences(before)))
    record(session, "issuer", issuer.id, "brand adopted", now, by=by, why=why)
