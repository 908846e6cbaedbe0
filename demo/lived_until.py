"""How far a home's demo world has lived: one line of text beside its database, replaced after each act."""

from datetime import datetime
from pathlib import Path
from typing import Final

_FILE: Final = "demo-finished"


def lived_until(home: Path, first_life: datetime) -> datetime | None:
    """Return the moment until which the world has lived; None when its thirteen months are not finished. *first_life*
    is their end, which a world of an earlier version, whose file is empty, has lived until."""
    try:
        kept = (home / _FILE).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    return datetime.fromisoformat(kept) if kept else first_life


def note_lived(home: Path, moment: datetime) -> None:
    """Keep how far the world has lived."""
    draft = home / f".{_FILE}.part"
    draft.write_text(moment.isoformat(), encoding="ascii")
    draft.replace(home / _FILE)
