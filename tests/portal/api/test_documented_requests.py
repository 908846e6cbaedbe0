"""Every curl line of the guides works as it stands: Charlie copies them, from one page after the other."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask

from config import Config
from delivery.channels.email.smtp.smtp_client import SmtpClient
from issuers.registry import add_issuer
from issuers.test_side import open_test_side
from pipeline.feed_pipeline import Pipeline
from store import Store
from store.issuer_keys.issuer_key import new_key
from store.issuer_keys.key_scope import SCOPES, Scope, read_scopes
from tests.conftest import Clock
from tests.portal.browser.served_portal import serving
from tests.sample_feeds import batch, ubl

pytestmark = pytest.mark.beside_any_database

ROOT = Path(__file__).parents[3]
GUIDES = ["docs/api.md", "docs/issuers.md", "docs/webhooks.md", "README.md"]
MONTHS = {"mars": 3, "avril": 4, "mai": 5, "juin": 6, "aout": 8}
#: Who comes under Alice's number, so that a question waits.
ZOE = ("Zoé Tanguy", "2 place de Brest", "29200", "Brest")
#: The comment that says which scope is enough for the lines below it, in a block.
SCOPE = re.compile(r"# scope: (\w+)$")
#: Every request that is refused ends its line with an error.
CURLRC = "fail-with-body\nsilent\nshow-error\n"


class Command(NamedTuple):
    """A command of a guide's shell blocks, with its further lines."""

    line: str
    scope: Scope | None  # that is enough for it, where its block says so


def commands(guide: str) -> Iterator[Command]:
    """Each command of the page's shell blocks that asks the API."""
    text = (ROOT / guide).read_text(encoding="utf-8")
    blocks = re.findall(r"^```(.*)\n((?:(?!```).*\n)*)```", text, re.MULTILINE)
    for shown in (block for language, block in blocks if language == "sh"):
        scope: Scope | None = None
        for line in re.split(r"\n(?=curl |#|export )", shown.removesuffix("\n").replace("\\\n", " ")):
            if said := SCOPE.match(line):
                [scope] = read_scopes(said[1])
            elif line.startswith("curl "):
                yield Command(line, scope)


def test_the_guides_have_their_commands() -> None:
    """A line outside a block that we read would be run by nobody."""
    for guide in GUIDES:
        text = (ROOT / guide).read_text(encoding="utf-8")
        assert len(re.findall(r"^ *curl ", text, re.MULTILINE)) == len(list(commands(guide))), guide


def test_each_command_of_the_guide_says_its_scope() -> None:
    assert [each.line for each in commands("docs/api.md") if each.scope is None] == []


def test_every_command_of_the_guides_works(
    app: Flask, store: Store, config: Config, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not here")
    with store.writing() as session:
        lumiere = add_issuer(session, "lumiere", "Lumière de l'Ouest", clock())
        keys = {scope: new_key(session, lumiere, clock(), scopes=[scope]) for scope in SCOPES}
        key = new_key(session, lumiere, clock())
        test_key = new_key(session, open_test_side(session, lumiere, "Claire", clock()), clock())
    for month, n in MONTHS.items():
        (tmp_path / f"{month}.xml").write_bytes(batch([ubl(f"F-2026-{n:02}01")]))
    (tmp_path / "juin.xml").write_bytes(batch([ubl("F-2026-0601", person=ZOE)]))
    (tmp_path / ".curlrc").write_text(CURLRC)
    pipeline = Pipeline(store, config, SmtpClient("smtp://127.0.0.1:9", config.sender))
    with serving(app) as address:
        environment = {
            **os.environ,
            "CURL_HOME": str(tmp_path),
            "TEST_KEY": test_key,
            "API": address,
            "no_proxy": "*",
        }
        for guide in GUIDES:
            for command in commands(guide):
                here = command.line.replace("https://…", address)
                environment["KEY"] = keys[command.scope] if command.scope else key
                ran = subprocess.run(["sh", "-c", here], cwd=tmp_path, env=environment, capture_output=True)
                assert ran.returncode == 0, f"{guide}: {command}\n{ran.stdout.decode()}{ran.stderr.decode()}"
                if ".xml" in command.line:
                    pipeline.work_until_idle(clock())
    assert (tmp_path / "F-2026-0301.pdf").read_bytes().startswith(b"%PDF-1.7")
