"""The API keys with which the demo issuers' programs call: kept beside the world, because the store has their digests
only."""

import json
from datetime import datetime
from pathlib import Path
from typing import Final

from demo.issuer import ISSUERS
from store import Store
from store.issuer import issuer_by_slug
from store.issuer_keys.issuer_key import new_key

_FILE: Final = "demo-api-keys.json"


def issuer_api_keys(store: Store, home: Path, now: datetime) -> dict[str, str]:
    """Return each issuer's key by slug. They are made when the home has none."""
    path = home / _FILE
    if path.exists():
        kept: dict[str, str] = json.loads(path.read_text(encoding="ascii"))
        return kept
    with store.writing() as session:
        rows = {each.slug: issuer_by_slug(session, each.slug) for each in ISSUERS}
        keys = {slug: new_key(session, row, now) for slug, row in rows.items() if row is not None}
    draft = home / f".{_FILE}.part"
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(keys), encoding="ascii")
    draft.replace(path)
    return keys
