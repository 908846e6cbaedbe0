"""Nothing on the command line is said beside the catalogue: help, results, refusals and progress of every verb in a
language that nobody speaks."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from rich.progress import Progress

from cli.invariant_sentences import INVARIANT_SENTENCES
from cli.main import main
from cli.output import counting, working
from config import load
from demo.demo_credentials import CONSUMER, MEMBER, OPERATOR, PASSWORD
from demo.summary import DemoSummary
from pipeline.feed_pipeline import Pipeline
from store import Store, open_store
from store.accounts.consumer import Consumer
from store.accounts.customer_account import CustomerAccount
from store.accounts.holder_dispute import Dispute
from store.db.wake_up_signal import NoWakeUpSignal
from store.issuer import all_issuers
from store.staff_member import ROLES
from store.vault.key_ring import KeyRing
from tests.cli.test_documented_verbs import verbs
from tests.portal.test_pseudo_locale import literals, rows
from tests.pseudo_locale import left_over, speak_pseudo, words_of
from tests.sample_feeds import batch, ubl
from words.calendar_names import month_name

pytestmark = pytest.mark.beside_any_database

MARCH = datetime(2026, 3, 3, tzinfo=UTC)
WHY = ("--by", "Zoé", "--reason", "vu")
#: Names that have no other form: of ours, of formats, of the system.
NAMES = "Lyon facteur Facteur msg EUR XML UBL CII PDF CSV lot utf"
#: What nobody translates: options and their choices, words in capitals (SLUG, FILE, EUR), paths, addresses.
_AS_IT_IS = re.compile(
    r"(?<!\w)--?[a-z][a-z-]*|\b[A-Z][A-Z0-9_=-]+\b|[^\s⟦⟧]*/[^\s⟦⟧]+|[^\s⟦⟧]+@[^\s⟦⟧]+|[\w-]+\.(?:xml|pdf|json|toml)\b"
    r"|\[[^\s\]⟦⟧]+\]|\bfct_\S+"
)


@dataclass
class Terminal:
    """Runs verbs in this process, and keeps all that they print."""

    said: dict[str, str]

    def run(self, *arguments: str | Path, expect: int | None = 0) -> str:
        done = CliRunner().invoke(main, [*map(str, arguments)], prog_name="facteur", terminal_width=400)
        assert expect in (None, done.exit_code), (arguments, done.output, done.exception)
        self.said[" ".join(map(str, arguments))] = done.output
        return done.output

    def unsaid(self, known: set[str]) -> dict[str, list[str]]:
        """What stands outside all brackets, by verb."""
        left = {verb: left_over(_AS_IT_IS.sub(" ", text), known) for verb, text in self.said.items()}
        return {verb: words for verb, words in left.items() if words}


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, new_database: Callable[[], str]) -> Terminal:
    (tmp_path / "secret").write_text("a secret for tests, long enough to be one")
    monkeypatch.setenv("FACTEUR_HOME", str(tmp_path / "var"))
    monkeypatch.setenv("FACTEUR_DATABASE_URL", new_database())
    monkeypatch.setenv("FACTEUR_SECRET_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("FACTEUR_LANGUAGE", "fr")
    speak_pseudo(monkeypatch)
    return Terminal({})


def known(store: Store | None = None) -> set[str]:
    """Words that may stand outside: data, and names of verbs, invariants and months."""
    names = [verb for verb, _ in verbs(main)] + [*INVARIANT_SENTENCES, NAMES, *(WHY)]
    months = [month_name(n, "fr", short=short) for n in range(1, 13) for short in (False, True)]
    chosen = [*ROLES, "required", "optional"]  # what some verbs take, as it is typed
    samples = literals(Path(__file__).parents[1] / "sample_feeds.py")
    people = [CONSUMER, MEMBER, OPERATOR, PASSWORD]
    return words_of([*names, *chosen, *months, *samples, *(rows(store) if store else ()), *people])


def every_verb(group: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    if isinstance(group, click.Group):
        for name in group.list_commands(click.Context(group)):
            below = group.get_command(click.Context(group), name)
            assert below is not None
            yield from every_verb(below, (*path, name))


def test_the_help_of_every_verb(terminal: Terminal) -> None:
    for verb in every_verb(main):
        assert "⟦Usage:⟧" in terminal.run(*verb, "--help")
    assert terminal.unsaid(known()) == {}


def test_wrong_usage(terminal: Terminal) -> None:
    for arguments in (
        ("nothing",), ("feed",), ("feed", "report"), ("feed", "report", "x"), ("feed", "report", "1", "2"),
        ("feed", "drop", "x", "y", "--count", "two"), ("feed", "drop", "x", "a", "b", "--count", "2"),
        ("feed", "release", "1", "--by", "Zoé"), ("bill", "list", "--nothing"), ("bill", "list", "--issuer"),
        ("account", "decide", "1", *WHY), ("dispute", "decide", "1", *WHY), ("payment", "match", "1", *WHY),
        ("work", "--as-of", "vu"), ("delivery", "list"), ("e-report", "write", "x", "--period", "vu"),
        ("feed", "release", "1", "--by", "Zoé" * 99, "--reason", "vu"), ("webhook", "replay", "1"),
    ):  # fmt: skip
        terminal.run(*arguments, expect=2)
    assert terminal.unsaid(known() | {"nothing", "two", "vu", "no", "such"}) == {}


def test_what_verbs_print(terminal: Terminal, tmp_path: Path) -> None:
    _fill(terminal, tmp_path)
    settings = load()
    store = open_store(
        settings.database_url, settings.blobs_url, KeyRing(settings.secret), tmp_path / "incoming", NoWakeUpSignal()
    )
    _disagree(store)
    for verb in (
        "feed report 1", "feed report 2", "feed report 3", "feed conflicts", "feed replay 3 --dry-run",
        "account questions", "account list", "account show lumiere C-ALICE", "bill list", "bill show lumiere L-1",
        "bill why lumiere L-1", "delivery list lumiere L-1",
        "delivery list --reason account_unclaimed", "delivery reasons", "dispute list",
        "plan list",
        "issuer awaited", "adoption", "adoption verify",
        "print list", "keys list", "keys rotate", "payment list", "webhook list",
        "e-report list lumiere",
    ):  # fmt: skip
        terminal.run(*verb.split())
    _decide(terminal, tmp_path)
    _refuse(terminal)
    summary = DemoSummary(settings, "fr")
    with store.reading() as session:
        shown = [
            *summary.headings(),
            *(cell for row in summary.rows(session) for cell in row),
            summary.whole(session),
            *summary.doors(),
            *summary.letter(session, store.keys),
        ]
    terminal.said["demo"] = "\n".join(shown)
    words = known(store) | words_of([str(tmp_path)])
    store.close()
    assert terminal.unsaid(words) == {}


def _fill(terminal: Terminal, tmp_path: Path) -> None:
    """Bills that come, come again, are refused, are held, whose letters cannot go, and under another's number."""
    terminal.run("issuer", "add", "lumiere", "--name", "Lumière")
    terminal.run("issuer", "key", "lumiere", "--revoke")
    terminal.run("operator", "add", "zoe@exemple.fr")
    nowhere, bruno = ("Zoé", "12 rue", "44000", ""), ("Bruno", "17 quai", "69002", "Lyon")
    for name, bills in (
        ("mars.xml", [ubl("L-1"), ubl("L-2", "C-BOB"), ubl("L-1"), ubl("L-3", "C-CHARLIE", gross=Decimal(1)),
                      ubl("L-4", "C-ZOE", person=nowhere)]),
        ("encore.xml", [ubl("L-1", net=Decimal(99)), ubl("L-2", "C-BOB", net=Decimal(5)), ubl("L-9", person=bruno)]),
    ):  # fmt: skip
        (tmp_path / name).write_bytes(batch(bills))
        terminal.run("feed", "drop", "lumiere", tmp_path / name, "--wait")
    (tmp_path / "avril.xml").write_bytes(batch([ubl("L-5")]))
    terminal.run("feed", "drop", "lumiere", tmp_path / "avril.xml", "--count", "3", "--sum", "EUR=3223.06", "--wait")
    terminal.run("work", "--until-idle")
    terminal.run("check", expect=None)
    terminal.run("check", "--all", expect=None)


def _disagree(store: Store) -> None:
    """Two people on one contract."""
    with store.writing() as session:
        people = [
            Consumer(email=f"{name}@exemple.fr", name=name, password_hash="x", signed_up_at=MARCH)
            for name in ("Zoé", "Bruno")
        ]
        session.add_all(people)
        session.flush()
        account = session.query(CustomerAccount).first()
        assert account is not None
        session.add(
            Dispute(
                issuer_id=all_issuers(session)[0].id, account_id=account.id, earlier_id=people[0].id,
                later_id=people[1].id, opened_at=MARCH, asked_at=MARCH,
            )
        )  # fmt: skip


def _decide(terminal: Terminal, tmp_path: Path) -> None:
    terminal.run("print", "close")
    terminal.run("print", "list")
    terminal.run("print", "again", "1", "1", *WHY)
    terminal.run("print", "again", "1", "1", *WHY, expect=1)
    terminal.run("print", "sets", "1", "1", "-o", tmp_path / "sets.pdf")
    terminal.run("account", "decide", "1", "--other", *WHY)
    terminal.run("feed", "keep", "2", "--number", "L-1", *WHY)
    terminal.run("feed", "replace", "2", *WHY, expect=1)
    terminal.run("feed", "release", "3", *WHY)
    terminal.run("bill", "retry", *WHY)
    terminal.run("operator", "remove", "zoe@exemple.fr")


def _refuse(terminal: Terminal) -> None:
    for verb in (
        "feed report 77", "feed release 1", "feed replay 1", "bill show lumiere X-1", "bill show nobody X-1",
        "feed drop lumiere /nowhere/x.xml", "issuer add X! --name Y", "issuer add x-y --name Y --profile /nowhere/x",
        "operator add x", "operator remove x@exemple.fr", "print sets 1 77 -o /x", "print sets 77 1 -o /x",
        "account decide 77 --same", "dispute decide 77 --both", "webhook disable 77",
        "plan grant 77 --by Zoé", "plan refuse 77 --by Zoé --words vu", "payment ignore 77",
        "account show lumiere X-1", "bill pdf lumiere L-1 -o /nowhere/x", "feed keep 1", "bill retry X-1",
        "print close", "webhook add lumiere http://exemple.fr", "e-report write lumiere",
    ):  # fmt: skip
        why = WHY if verb.split()[1] in {"release", "decide", "disable", "ignore", "keep", "retry"} else ()
        terminal.run(*verb.split(), *why, expect=0 if verb == "print close" else 1)


@pytest.mark.usefixtures("terminal")
def test_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(Progress, "add_task", lambda _, text, **__: told.append(text) or 0)
    monkeypatch.setattr(Progress, "update", lambda _, __, **new: told.append(new["description"]))
    with working() as report:
        for step in _steps():
            report(step)
    assert left_over(" ".join(told)) == []
    assert counting is not None


def _steps() -> list[str]:
    """The names that the pipeline tells its steps by."""
    code = Pipeline.step.__code__
    return [name for name in code.co_names if callable(getattr(Pipeline, name, None)) and not name.startswith("_")]


def test_what_is_not_looked_up_is_seen(terminal: Terminal) -> None:
    """The test itself: a sentence beside the catalogue stands outside the brackets."""
    terminal.said["verb"] = "⟦looked up⟧ beside"
    assert terminal.unsaid(known()) == {"verb": ["beside"]}
