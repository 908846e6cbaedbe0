"""What documents, docstrings and comments cite is there: pages of docs/, decisions, files, modules."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from store.accounts.account_question import QUESTION_STATES
from store.accounts.holder_dispute import DISPUTE_STATES
from store.bills.bill import BILL_STATES
from store.delivery import DELIVERY_STATES
from store.feeds.conflict import CONFLICT_STATES
from store.feeds.feed import FEED_STATES
from store.feeds.item import OUTCOMES
from store.outbox.event_types import EVENT_TYPES
from store.outbox.webhook_delivery import WEBHOOK_STATES
from store.outbox.webhook_endpoint import ENDPOINT_STATES
from store.print_batch import BATCH_STATES

ROOT = Path(__file__).parent.parent
DECISIONS = ROOT / "docs" / "decisions"
#: What is no text of ours, or was not when the clone was made.
NOT_OURS = {".git", ".venv", ".ci", "var", "pictures", "samples", "lists", "node_modules", "__pycache__"}
KINDS = {".py", ".md", ".toml", ".html", ".css", ".json", ".txt"}

_page = re.compile(r"(?<![\w*/.-])((?:[\w-]+/|\.\./)*[\w-]+\.md)\b")
_decision = re.compile(r"\bdecisions? (\d+)(?: and (\d+))?", re.IGNORECASE)
_link = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)|src=\"([^\"]+)\"")
_quoted = re.compile(r"`([\w.-]+(?:/[\w.-]+)*/?)`")


@cache
def texts() -> dict[Path, str]:
    """Each text of the repository, by its path from the root."""
    return {path.relative_to(ROOT): path.read_text(encoding="utf-8") for path in sorted(_files(ROOT))}


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.name in NOT_OURS or path.name.startswith("requirements"):
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.suffix in KINDS or path.name == "Makefile":
            yield path


@cache
def rooms() -> frozenset[str]:
    return frozenset(path.parent.name for path in ROOT.glob("*/__init__.py"))


def test_decisions_are_numbered_without_gaps() -> None:
    files = sorted(DECISIONS.iterdir())
    assert [file.name[:5] for file in files] == [f"{n:04}-" for n in range(1, len(files) + 1)]
    for n, file in enumerate(files, 1):
        assert file.read_text(encoding="utf-8").startswith(f"# {n}. "), file.name


def test_every_decision_that_is_cited_was_made() -> None:
    known = {int(file.name[:4]) for file in DECISIONS.iterdir()}
    missing = [
        f"{path}: {cited[0]}"
        for path, text in texts().items()
        for cited in _decision.finditer(text)
        if not {int(number) for number in cited.groups() if number} <= known
    ]
    assert missing == []


def test_every_page_that_is_cited_is_in_the_repository() -> None:
    """By its path from the root, from docs/, or from where it is cited."""
    missing = [
        f"{path}: {page}"
        for path, text in texts().items()
        for page in _page.findall(text)
        if not any((folder / page).exists() for folder in (ROOT, ROOT / "docs", ROOT / path.parent))
    ]
    assert missing == []


@pytest.mark.parametrize("path", [path for path in texts() if path.suffix == ".md"], ids=str)
def test_links_lead_somewhere(path: Path) -> None:
    targets = [left or right for left, right in _link.findall(texts()[path])]
    ours = [each for each in targets if not re.match(r"[a-z]+:", each)]
    assert [each for each in ours if not (ROOT / path.parent / each).exists()] == []


def test_every_target_of_make_that_is_cited_is_there() -> None:
    """In backquotes, in any text; and each target is declared to be no file."""
    makefile = texts()[Path("Makefile")]
    targets = set(re.findall(r"^([a-z][a-z-]*):(?!=)", makefile, re.MULTILINE))
    cited = {name for text in texts().values() for name in re.findall(r"`make ([a-z-]+)", text)}
    assert cited - targets == set()
    declared = re.search(r"^\.PHONY:((?:.*\\\n)*.*)", makefile, re.MULTILINE)
    assert declared is not None
    assert targets - set(declared[1].split()) == set()


def test_every_state_is_in_the_table_of_states() -> None:
    """The block of docs/architecture.md names the states of the tables, and no others."""
    tables = {
        "feed": FEED_STATES, "item": OUTCOMES, "conflict": CONFLICT_STATES, "question": QUESTION_STATES,
        "bill": BILL_STATES, "delivery": DELIVERY_STATES, "batch": BATCH_STATES, "dispute": DISPUTE_STATES,
        "endpoint": ENDPOINT_STATES, "webhook": WEBHOOK_STATES,
    }  # fmt: skip
    block = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split("## States")[1].split("```")[1]
    remarks = re.compile(r"\(.*\)|ends:|kept free:|: set apart for a person")
    told: dict[str, set[str]] = {}
    for line in block.strip("\n").split("\n"):
        noun = line[:10].strip() or list(told)[-1]
        told.setdefault(noun, set()).update(re.findall(r"[a-z_]+", remarks.sub("", line[10:])))
    assert {noun: told[noun] for noun in tables} == {noun: set(states) for noun, states in tables.items()}


def test_every_file_and_module_that_is_named_is_there() -> None:
    """Names in backquotes that begin with a room of ours (`store/db/bulk_insert.py`,
    `delivery.channels.paper.held_letters`); bare names of files."""
    missing = [
        f"{path}: {name}" for path, text in texts().items() for name in _quoted.findall(text) if _is_missing(name)
    ]
    assert missing == []


def test_every_type_of_event_is_told() -> None:
    """In the table of docs/webhooks.md, with its fields; and no other."""
    lines = re.findall(r"^\| `([a-z_.]+)` \|.*\| (.*) \|$", texts()[Path("docs/webhooks.md")], re.MULTILINE)
    told = {name: re.findall(r"`([a-z0-9_]+)`", fields) for name, fields in lines if "." in name}
    assert told == {name: list(event_type.fields) for name, event_type in EVENT_TYPES.items()}


def _is_missing(name: str) -> bool:
    if name in EVENT_TYPES:
        return False
    if name.partition("/")[0] in rooms() and "/" in name:
        return not (ROOT / name).exists()
    if name.endswith(".py") and "/" not in name:
        return not any(path.name == name for path in texts())
    parts = name.split(".")
    if parts[0] not in rooms() or len(parts) == 1:
        return False
    if parts[0] == "facteur" and parts[1] != "client":
        return False  # hosts, files and formats are called after the whole, too
    return not (_is_there(ROOT / parts[0], parts[1:]) or _is_column(*parts))


def _is_column(table: str, *names: str) -> bool:
    """Whether this is a column of a table that is named as a room is: `bill.content`."""
    file = next((ROOT / "store").rglob(f"{table}.py"), ROOT / "none")
    return file.exists() and re.search(rf"^    {names[0]}: Mapped", file.read_text("utf-8"), re.MULTILINE) is not None


def _is_there(folder: Path, parts: list[str]) -> bool:
    """Whether a dotted name leads to a folder, to a file, or to a name that its file says."""
    if not parts:
        return True
    if (folder / parts[0]).is_dir():
        return _is_there(folder / parts[0], parts[1:])
    file = folder / f"{parts[0]}.py"
    if not file.exists():
        file, parts = folder / "__init__.py", ["", *parts]
    text = file.read_text(encoding="utf-8")
    return all(re.search(rf"\b{re.escape(part)}\b", text) for part in parts[1:])
