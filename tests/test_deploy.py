"""What deploy/ gives to service managers agrees with the command line and with the configuration."""

import re
from configparser import ConfigParser
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from cli.main import COMMANDS

pytestmark = pytest.mark.beside_any_database

ROOT = Path(__file__).parent.parent
SYSTEMD = ROOT / "deploy" / "systemd"
COMPOSE = ROOT / "deploy" / "compose"


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


def test_containers_run_verbs_that_there_are_with_variables_that_there_are() -> None:
    """And name nothing that the file does not define: services, secrets, volumes; no registry's address."""
    file = yaml.safe_load((COMPOSE / "compose.yaml").read_text())
    services, known = file["services"], set(re.findall('"(FACTEUR_[A-Z_]+)"', (ROOT / "config.py").read_text()))
    ours = {name: each for name, each in services.items() if each["image"] == "facteur"}
    assert {name: each["command"] for name, each in ours.items()} == {name: [name] for name in ours}
    assert set(ours) == {"web", "worker", "sftp", "smtp"} <= set(COMMANDS)
    for each in ours.values():
        assert set(each["environment"]) <= known
        assert set(each["depends_on"]) <= set(services)
        assert set(each["secrets"]) <= set(file["secrets"])
        assert (COMPOSE / each["build"]["context"]).resolve() == ROOT
        assert (ROOT / each["build"]["dockerfile"]).is_file()
    mounted = {volume.partition(":")[0] for each in services.values() for volume in each.get("volumes", ())}
    assert mounted == set(file["volumes"])
    assert not any("." in each["image"].partition("/")[0] for each in services.values())


def test_the_image_is_of_debian_12_and_starts_the_command() -> None:
    lines = (COMPOSE / "Dockerfile").read_text().replace("\\\n", " ").splitlines()
    said = [line.split(maxsplit=1) for line in lines if line and not line.startswith("#")]
    assert {rest.split()[0] for word, rest in said if word == "FROM"} == {"debian:12"}
    assert all("python3.11" in rest for word, rest in said if word == "RUN" and "apt-get" in rest)
    assert [rest for word, rest in said if word == "ENTRYPOINT"] == ['["facteur"]']
    assert [rest for word, rest in said if word == "USER"] == ["facteur"]
    given = re.findall(r"(FACTEUR_[A-Z_]+)=", " ".join(rest for word, rest in said if word == "ENV"))
    assert set(given) <= set(re.findall('"(FACTEUR_[A-Z_]+)"', (ROOT / "config.py").read_text()))
    for word, rest in said:
        if word == "COPY" and not rest.startswith("--from"):
            assert (ROOT / rest.split()[0]).exists()
    ignored = (COMPOSE / "Dockerfile.dockerignore").read_text().split()
    assert {".git", ".venv", "var", "deploy/compose/secret", "deploy/compose/.env"} <= set(ignored)
