"""What deploy/ gives to service managers agrees with the command line and with the configuration."""

import re
from configparser import ConfigParser
from pathlib import Path

import pytest

from cli.main import COMMANDS

pytestmark = pytest.mark.beside_any_database

ROOT = Path(__file__).parent.parent
SYSTEMD = ROOT / "deploy" / "systemd"


def test_units_start_verbs_that_there_are() -> None:
    target, *_ = SYSTEMD.glob("*.target")
    verbs = set()
    for path in sorted(SYSTEMD.glob("*.service")):
        unit = ConfigParser(interpolation=None, strict=False)
        unit.optionxform = str  # type: ignore[assignment,method-assign]
        unit.read(path)
        program, verb = unit["Service"]["ExecStart"].split()
        assert program.endswith("/.venv/bin/facteur")
        assert verb in COMMANDS
        assert verb in path.name
        verbs.add(verb)
        assert unit["Service"]["EnvironmentFile"] == "/etc/facteur/facteur.env"
        assert unit["Unit"]["PartOf"] == unit["Install"]["WantedBy"] == target.name
    assert verbs == {"web", "worker", "sftp", "smtp"}


def test_variables_of_the_example_are_those_of_the_configuration() -> None:
    given = re.findall("^([A-Z_]+)=", (SYSTEMD / "facteur.env.example").read_text(), re.MULTILINE)
    known = set(re.findall('"(FACTEUR_[A-Z_]+)"', (ROOT / "config.py").read_text()))
    assert len(given) > 5
    assert set(given) <= known
    told = (ROOT / "docs" / "operators.md").read_text()
    assert [name for name in given if f"`{name}`" not in told] == []
