"""Our verdicts beside the official schematron's, rule by rule, on a whole corpus.

    python -m tests.schematron_parity [--mutations N] [FOLDER]...

Every invoice in XML, and the XML in every PDF, under the folders (and our own samples) is read with
`acceptance = "en16931"` and given to the official stylesheets (`tests/official_schematron.py`): fatal rules and
warnings. With mutations each document is also changed *N* times at random, by the same seed. Where the folder has a
`MANIFEST.csv` that records an official verdict, that verdict is compared as well. What differs is printed, then the
summary; the exit code is 1 when anything differs.

Apart stand documents that our own limits refuse and the schematron does not: a date or a number that is none, a term
said twice. The schema of their syntax refuses them before any schematron is asked.
"""

import csv
import io
import random
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf

from ingest import open_feed
from issuers.profile import Profile
from tests.ingest.random_mutations import mutants
from tests.official_schematron import Official, Verdict, family

SAMPLES = Path(__file__).parent / "ingest" / "samples"
STRICT = Profile(acceptance="en16931")
_OFFICIAL = ("BR-", "UBL-", "CII-")
#: Larger documents are not changed: their copies take too long.
_MOST_CHANGED = 100_000


def ours(document: bytes) -> Verdict | None:
    """The rules that we name; None when the document is refused before any rule is asked."""
    reading = open_feed(io.BytesIO(document), "", STRICT)
    entries = list(reading)
    if not reading.whole or len(entries) != 1:
        return None
    said = entries[0].findings
    return Verdict(*(frozenset(f.rule for f in said if f.severity == severity) for severity in ("fatal", "warning")))


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
    """How many documents, and what differs about them."""

    files: int = 0
    differing: int = 0
    said: list[str] = field(default_factory=list)
    limits: list[str] = field(default_factory=list)

    def add(self, name: str, here: Verdict, there: Verdict) -> None:
        """Compare the verdicts on one document; *here* has our own rules as well."""
        self.files += 1
        own = sorted(rule for rule in here.fatal if not rule.startswith(_OFFICIAL))
        parts = []
        for word, mine, theirs in (("", here.fatal, there.fatal), ("warnings ", here.warnings, there.warnings)):
            official = frozenset(rule for rule in mine if rule.startswith(_OFFICIAL))
            if official != theirs:
                parts.append(f"{word}ours alone {sorted(official - theirs)}, theirs alone {sorted(theirs - official)}")
        if parts:
            self.differing += 1
            self.said.append(f"{name}: {'; '.join(parts)}")
        if own and not there.fatal:
            self.limits.append(f"{name}: {', '.join(own)}")

    def __str__(self) -> str:
        return (
            f"{self.files:6} documents  {self.differing:4} differences  {len(self.limits):4} that our own limits refuse"
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


def documents(folder: Path, mutations: int) -> Iterator[tuple[str, bytes]]:
    """Every invoice under a folder by its name, each followed by its mutations."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in (".xml", ".pdf") and (document := invoice_in(path)) is not None:
            name = str(path.relative_to(folder))
            yield name, document
            if mutations and family(document) and len(document) < _MOST_CHANGED:
                seed = random.Random(name)
                yield from ((f"{name} {what}", changed) for what, changed in mutants(document, seed, mutations))


def counted(verdict: Verdict, official: Official) -> Verdict:
    """What is said under rules that the installed stylesheets ask as CEN does; our own rules stay."""
    return Verdict(*(
        frozenset(rule for rule in said if official.knows(rule) or not rule.startswith(_OFFICIAL))
        for said in verdict
    ))  # fmt: skip


def main() -> int:
    parser = ArgumentParser()
    parser.add_argument("--mutations", type=int, default=0, metavar="N")
    parser.add_argument("folders", nargs="*", type=Path)
    asked = parser.parse_args()
    official: dict[str, Official] = {}
    run = {"UBL": Tally(), "CII": Tally()}
    manifest = Tally()
    for folder in (SAMPLES, *asked.folders):
        known = dict(recorded(folder))
        for name, document in documents(folder, asked.mutations):
            kind = family(document)
            here = ours(document) if kind else None
            if kind is None or here is None:
                continue
            if name in known:
                manifest.add(name, here._replace(warnings=frozenset()), Verdict(known[name], frozenset()))
            if kind not in official:
                official[kind] = Official(kind)
            there = official[kind](document)
            if there is not None:
                run[kind].add(name, counted(here, official[kind]), there)
    for title, tally in (*run.items(), ("recorded", manifest)):
        print(f"{title:9}{tally}")
        print(*(f"    {line}" for line in tally.said), sep="\n", end="\n" if tally.said else "")
        print(*(f"    our own limits, {line}" for line in tally.limits), sep="\n", end="\n" if tally.limits else "")
    differing = sum(tally.differing for tally in (*run.values(), manifest))
    print(f"{differing} differences")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
