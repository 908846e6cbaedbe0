"""An issuer's looks and words, changed by its members: tried on its last bills first, then adopted.

What was adopted stands in place of the profile's `[brand]`, until another profile is handed in. Bills that were made
before keep the template they were made with.
"""

import base64
import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
from sqlalchemy.orm import Session

from issuers.profile import Profile, Voice, check_colour
from issuers.section import ProfileError
from store import Store
from store.errand import Errand, ask
from store.event import record
from store.issuer import Issuer

#: The errand that asks for the issuer's last bills in another voice: {issuer_id, voice, by}.
PREVIEW: Final = "preview"


class Preview(msgspec.Struct, frozen=True, omit_defaults=True):
    """The road's answer: where the PDF lies, sealed, with the sealed key to it, and whose bills it shows; or *why*
    there is none."""

    blob: str = ""
    key: str = ""
    bills: tuple[str, ...] = ()
    why: str = ""


def voice_of(values: Mapping[str, Any], before: Voice) -> Voice:
    """*before*, with what these values change; ProfileError names the key that cannot be."""
    try:
        voice = msgspec.convert(msgspec.to_builtins(before) | dict(values), Voice)
    except msgspec.ValidationError as error:
        message, _, place = str(error).partition(" - at ")
        raise ProfileError(place.strip("`$.") or "brand", message) from error
    check_colour(voice.colour)
    return voice


def adopted(profile: Profile, voice: str | None) -> Profile:
    """The profile with the looks and words that stand in place of its own."""
    return msgspec.structs.replace(profile, brand=msgspec.json.decode(voice, type=Voice)) if voice else profile


def adopt(session: Session, issuer: Issuer, voice: Voice, by: str, now: datetime) -> None:
    """From now on the issuer's bills look and speak like this."""
    issuer.voice, issuer.changed_at = msgspec.json.encode(voice).decode(), now
    record(session, "issuer", issuer.id, "brand adopted", now, by=by, why=voice.colour)


def ask_for_preview(session: Session, issuer: Issuer, voice: Voice, by: str, now: datetime) -> None:
    """Leave the errand (ring the bell after the commit)."""
    ask(session, PREVIEW, {"issuer_id": issuer.id, "voice": msgspec.to_builtins(voice), "by": by}, now)


def voice_tried(errand: Errand) -> Voice:
    """The voice that an errand asks to be tried."""
    return msgspec.convert(errand.particulars["voice"], Voice)


def seal_preview(store: Store, errand_id: int, pdf: bytes, bills: tuple[str, ...]) -> Preview:
    """Keep a preview as its bills are kept: sealed, with a key of its own."""
    key = store.sealer.seal_key(os.urandom(32))
    blob = store.blobs.put(store.sealer.seal(key, pdf, b"preview %d" % errand_id))
    return Preview(blob=blob, key=base64.b64encode(key).decode(), bills=bills)


def open_preview(store: Store, errand_id: int, preview: Preview) -> bytes:
    """The PDF of a preview; BlobMissing or SealBroken when it is there no more."""
    return store.sealer.open(base64.b64decode(preview.key), store.blobs.read(preview.blob), b"preview %d" % errand_id)


def preview_in(errand: Errand) -> Preview | None:
    """What the road has answered; None as long as it has not."""
    return msgspec.json.decode(errand.answer, type=Preview) if errand.state == "done" else None
