"""Finds active content in a PDF: scripts, actions, media and attached programs, which no bill needs."""

from collections.abc import Iterator
from typing import Any, Final

from sandbox.intake.refusal import Refused

#: What a PDF may do (ISO 32000-1, 12.6.4) and a bill has no reason to.
ACTIONS: Final = frozenset({
    "/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE", "/GoToR", "/Rendition", "/Movie", "/Sound",
    "/RichMediaExecute",
})  # fmt: skip
ANNOTATIONS: Final = frozenset({"/RichMedia", "/3D", "/Movie", "/Screen", "/Sound"})
#: Files that may be embedded in a bill.
SAFE_FILES: Final = (".xml", ".csv", ".txt", ".json", ".pdf", ".png", ".jpg", ".jpeg")


def is_active(thing: Any, depth: int = 0) -> bool:
    """Return whether an object, or one inside it, has a script or action, or carries a file that might."""
    import pikepdf

    if isinstance(thing, pikepdf.Array):
        inner: Iterator[Any] = iter(thing)
    elif isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        if "/JS" in thing or "/XFA" in thing or str(thing.get("/S", "")) in ACTIONS:
            return True
        if str(thing.get("/Subtype", "")) in ANNOTATIONS:
            return True
        if "/EF" in thing and not str(thing.get("/UF", thing.get("/F", ""))).lower().endswith(SAFE_FILES):
            return True
        inner = (value for _, value in thing.items())
    else:
        return False
    if depth > 50:
        raise Refused("b")
    return any(is_active(each, depth + 1) for each in inner if not getattr(each, "is_indirect", False))
