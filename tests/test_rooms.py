"""Who may import whom (docs/architecture.md): arrows go down, siblings never meet, and the schema has one owner."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

#: Each room and single file, with all that it may know. What is not named here may not be imported.
MAY_KNOW: dict[str, set[str]] = {
    "bill": set(),
    "codes": set(),
    "config": set(),
    "store": {"bill"},
    "issuers": {"store", "bill"},
    "sandbox": set(),
    "ingest": {"sandbox", "issuers", "bill"},
    "render": {"sandbox", "bill", "codes"},
    "delivery": {"issuers", "store", "bill"},
    "adoption": {"delivery", "issuers", "store", "bill"},
    "audit": {"adoption", "delivery", "issuers", "store", "bill"},
    "portal": {"audit", "adoption", "delivery", "issuers", "store", "bill", "codes", "config"},
    "demo": {"portal", "delivery", "issuers", "store", "bill", "config"},
    "press": {"render", "delivery", "issuers", "store", "bill"},
    "intake": {"ingest", "issuers", "store", "bill"},
    "turns": set(),
    "jobs": {"turns", "preview", "rehearsal", "delivery", "issuers", "store", "config"},
    "road": {
        "turns", "jobs", "press", "intake", "adoption", "delivery", "issuers", "store", "bill",
        "config",
    },
    "preview": {"press", "render", "issuers", "store", "bill"},
    "rehearsal": {"intake", "ingest", "issuers", "store", "bill"},
    "worker": {"road", "store"},
    "up": {"config"},
    "wsgi": {"portal", "store", "config"},
    "verbs": {
        "road", "rehearsal", "worker", "up", "wsgi", "demo", "audit", "adoption", "delivery", "render", "issuers",
        "store", "bill", "config",
    },
    "cli": {"verbs"},
}  # fmt: skip

#: Libraries that belong to some rooms alone.
OWNERS: dict[str, set[str]] = {
    "flask": {"portal", "wsgi", "demo"},
    "lxml": {"ingest", "render", "demo"},
    "rq": {"store", "worker"},
    "alembic": {"store"},
    "reportlab": {"render", "demo"},
    "asyncssh": {"issuers"},
    "pyhanko": {"issuers"},
    "aiosmtpd": {"delivery"},
    "holidays": {"delivery"},
}


def files_of(room: str) -> Iterator[Path]:
    folder = ROOT / room
    yield from folder.rglob("*.py") if folder.is_dir() else [ROOT / f"{room}.py"]


@cache
def imports_of(path: Path) -> list[tuple[str, int]]:
    """The top-level name of each module that a file imports, at any depth of its code."""
    return list(_imports(path))


def _imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name.partition(".")[0], node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module.partition(".")[0], node.lineno


@pytest.mark.parametrize("room", sorted(MAY_KNOW))
def test_arrows_go_down(room: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in files_of(room)
        for name, line in imports_of(path)
        if name in MAY_KNOW and name != room and name not in MAY_KNOW[room]
    ]
    assert wrong == []


@pytest.mark.parametrize("library", sorted(OWNERS))
def test_a_library_stays_in_its_rooms(library: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for room in MAY_KNOW.keys() - OWNERS[library]
        for path in files_of(room)
        for name, line in imports_of(path)
        if name == library
    ]
    assert wrong == []


def test_only_config_reads_the_environment() -> None:
    wrong = [
        str(path.relative_to(ROOT))
        for room in MAY_KNOW.keys() - {"config"}
        for path in files_of(room)
        if "os.environ" in path.read_text(encoding="utf-8") or "getenv" in path.read_text(encoding="utf-8")
    ]
    assert wrong == []


def test_every_room_is_in_the_house() -> None:
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "bench"}
    files = {path.stem for path in ROOT.glob("*.py")}
    assert rooms | files == set(MAY_KNOW)


def test_no_file_is_named_for_nothing() -> None:
    vague = {
        "utils",
        "util",
        "helpers",
        "helper",
        "common",
        "manager",
        "managers",
        "services",
        "service",
        "core",
        "misc",
    }
    found = [path for room in MAY_KNOW for path in files_of(room) if vague & {*path.relative_to(ROOT).parts, path.stem}]
    assert found == []
