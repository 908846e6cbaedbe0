"""Our verdicts beside the official schematron's, rule by rule, on a whole corpus.

    python -m tests.schematron_parity [FOLDER]...

Every invoice in XML, and the XML in every PDF, under the folders (and our own samples) is read with
`acceptance = "en16931"` and given to the official stylesheets. What differs is printed, then the summary. Where the
folder has a `MANIFEST.csv` that records an official verdict, that verdict is compared as well.
"""

import csv
import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf

from ingest import open_feed
from issuers.profile import Profile
from tests.official_schematron import Official, family

SAMPLES = Path(__file__).parent / "ingest" / "samples"
STRICT = Profile(acceptance="en16931")
_OFFICIAL = ("BR-", "UBL-", "CII-")


def ours(document: bytes) -> frozenset[str] | None:
    """The official rules that we call fatal; None when the document is refused before any rule is asked."""
    reading = open_feed(io.BytesIO(document), "", STRICT)
    entries = list(reading)
    if not reading.whole or len(entries) != 1:
        return None
    return frozenset(f.rule for f in entries[0].findings if f.severity == "fatal")


def invoice_in(path: Path) -> bytes | None:
    """The XML of a file: its own, or the one attached to a PDF."""
    content = path.read_bytes()
    if content[:5] != b"%PDF-":
        return content if content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"<" else None
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return next((a.get_file().read_bytes() for n, a in pdf.attachments.items() if n.endswith(".xml")), None)
    except (pikepdf.PdfError, pikepdf.PasswordError, RuntimeError):
        return None


@dataclass
class Tally:
    """How many documents, how often the verdict agrees, and how often every single rule does."""

    files: int = 0
    verdicts: int = 0
    rules: int = 0
    said: list[str] = field(default_factory=list)

    def add(self, name: str, here: frozenset[str], there: frozenset[str]) -> None:
        here = frozenset(rule for rule in here if rule.startswith(_OFFICIAL)) if there or not here else here
        self.files += 1
        self.verdicts += bool(here) == bool(there)
        self.rules += here == there
        if here != there:
            word = "rules" if bool(here) == bool(there) else "VERDICT"
            self.said.append(f"{word:8} {name}: ours alone {sorted(here - there)}, theirs alone {sorted(there - here)}")

    def __str__(self) -> str:
        share = 100 * self.rules / max(self.files, 1)
        return (
            f"{self.files:5} documents  {self.verdicts:5} verdicts agree  {self.rules:5} rule by rule ({share:.1f} %)"
        )


def recorded(folder: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """What `MANIFEST.csv` records of CEN's own verdict, by file."""
    manifest = folder / "MANIFEST.csv"
    if manifest.exists():
        with manifest.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                said = row["en16931_official"]
                if said == "pass" or said.startswith("fail:"):
                    yield row["file"], frozenset(said.removeprefix("pass").removeprefix("fail:").split())


def documents(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in (".xml", ".pdf") and (document := invoice_in(path)) is not None:
            yield str(path.relative_to(folder)), document


def main() -> int:
    folders = [SAMPLES, *map(Path, sys.argv[1:])]
    official: dict[str, Official] = {}
    run = {"UBL": Tally(), "CII": Tally()}
    manifest = Tally()
    for folder in folders:
        known = dict(recorded(folder))
        for name, document in documents(folder):
            kind = family(document)
            here = ours(document) if kind else None
            if kind is None or here is None:
                continue
            if name in known:
                manifest.add(name, here, known[name])
            there = official.setdefault(kind, Official(kind) if kind not in official else official[kind])(document)
            if there is not None:
                run[kind].add(name, here, there.fatal)
    for title, tally in (*run.items(), ("recorded", manifest)):
        print(f"{title:9}{tally}")
        print(*(f"    {line}" for line in tally.said), sep="\n")
    return 0 if all(t.verdicts == t.files for t in (*run.values(), manifest)) else 1


if __name__ == "__main__":
    sys.exit(main())
