"""Verbs as a shell runs them: what they say on stdout and stderr, and their exit code."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from cli import main

ROOT = Path(__file__).parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def environment(tmp_path: Path, new_database: Callable[[], str]) -> dict[str, str]:
    secret = tmp_path / "secret"
    secret.write_text("a secret for tests, long enough to be one")
    return {
        "FACTEUR_HOME": str(tmp_path / "var"), "FACTEUR_DATABASE_URL": new_database(),
        "FACTEUR_SECRET_FILE": str(secret), "COLUMNS": "200", "FACTEUR_LANGUAGE": "en",
    }  # fmt: skip


@pytest.fixture
def facteur(environment: dict[str, str]) -> Run:
    """Runs a verb in this process. What it does not expect, it raises."""
    runner = CliRunner(env=environment)

    def run(*arguments: str | Path, expect: int = 0, typed: bytes = b"") -> "subprocess.CompletedProcess[str]":
        words = list(map(str, arguments))
        done = runner.invoke(main, words, input=typed, prog_name="facteur", catch_exceptions=False)
        assert done.exit_code == expect, done.stderr
        return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)

    return run


@pytest.fixture
def facteur_process(environment: dict[str, str]) -> Run:
    """Runs a verb as a shell does, in a process of its own."""

    def run(*arguments: str | Path, expect: int = 0) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "cli", *map(str, arguments)]
        itself = os.environ | {"PYTHONPATH": str(ROOT)} | environment
        done = subprocess.run(command, env=itself, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == expect, done.stderr
        return done

    return run


def lines(done: "subprocess.CompletedProcess[str]") -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]
