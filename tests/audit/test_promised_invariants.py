"""docs/promises.md names what `facteur check` asks, each by the name in its `--json`, and nothing else."""

import re
from datetime import UTC, datetime
from pathlib import Path

from audit.run_all_checks import check
from delivery import sole_house
from store import Store

PROMISES = Path(__file__).parents[2] / "docs" / "promises.md"


def test_every_invariant_is_promised(store: Store, tmp_path: Path) -> None:
    asked = check(store, datetime(2026, 3, 6, 12, tzinfo=UTC), houses=sole_house(tmp_path)).invariants.keys()
    told = PROMISES.read_text(encoding="utf-8").split("\n## ")[1]
    assert set(re.findall(r"`([a-z]+_[a-z_]+)`", told)) == asked
