"""Keys and roles on the command line: named, scoped, rotated, revoked; who of a team may do what."""

from pathlib import Path

import asyncssh
from sqlalchemy import create_engine, text

from tests.cli.conftest import Run, lines


def test_the_life_of_a_key(facteur: Run) -> None:
    facteur("issuer", "add", "eau", "--name", "Eau")
    first = facteur("issuer", "key", "eau").stdout.strip()
    facteur("issuer", "key", "eau", "--name", "CRM", "--scope", "accounts", "--scope", "read", "--by", "Claire")
    crm, every = lines(facteur("issuer", "keys", "eau", "--json"))
    assert (crm["name"], crm["scopes"], crm["last_used_at"]) == ("CRM", ["read", "accounts"], None)
    assert every["scopes"] == ["read", "feeds", "payments", "accounts", "webhooks"]
    assert every["tail"] == first[-4:]
    assert first not in facteur("issuer", "keys", "eau").stdout
    rotated = facteur("issuer", "rotate", "eau", str(every["key"]), "--overlap", "2").stdout.strip()
    assert rotated.startswith("fct_")
    assert "was rotated already" in facteur("issuer", "rotate", "eau", str(every["key"]), expect=1).stderr
    assert "is revoked" in facteur("issuer", "revoke", "eau", str(crm["key"])).stderr
    assert "had ended" in facteur("issuer", "revoke", "eau", str(crm["key"])).stderr
    ends = {each["key"]: bool(each["expires_at"] or each["revoked_at"]) for each in lines(
        facteur("issuer", "keys", "eau", "--json")
    )}  # fmt: skip
    assert sorted(ends.values()) == [False, True, True]


def test_no_key_of_another_issuer(facteur: Run) -> None:
    for slug in ("eau", "gaz"):
        facteur("issuer", "add", slug, "--name", slug)
    facteur("issuer", "key", "eau")
    [key] = lines(facteur("issuer", "keys", "eau", "--json"))
    for verb in ("rotate", "revoke"):
        assert "has no key" in facteur("issuer", verb, "gaz", str(key["key"]), expect=1).stderr
    facteur("issuer", "key", "eau", "--scope", "everything", expect=2)
    facteur("issuer", "key", "eau", "--name", "x" * 81, expect=2)


def test_sftp_keys_are_listed_and_revoked(facteur: Run, tmp_path: Path) -> None:
    facteur("issuer", "add", "eau", "--name", "Eau")
    public = tmp_path / "alice.pub"
    public.write_bytes(asyncssh.generate_private_key("ssh-ed25519", comment="alice@eau").export_public_key())
    facteur("issuer", "sftp", "eau", "--key", public)
    password = facteur("issuer", "sftp", "eau", "--name", "la nuit").stdout.strip()
    by_password, by_key = lines(facteur("issuer", "sftp", "eau", "--list", "--json"))
    assert (by_key["kind"], by_key["name"], by_key["last_used_at"]) == ("key", "alice@eau", None)
    assert (by_password["kind"], by_password["name"]) == ("password", "la nuit")
    assert password not in facteur("issuer", "sftp", "eau", "--list").stdout
    facteur("issuer", "sftp", "eau", "--revoke", str(by_key["key"]))
    facteur("issuer", "sftp", "eau", "--revoke", str(by_key["key"]), expect=1)
    facteur("issuer", "sftp", "eau", "--revoke", str(by_password["key"]), "--list", expect=2)
    listed = lines(facteur("issuer", "sftp", "eau", "--list", "--json"))
    assert [each["revoked_at"] is None for each in listed] == [True, False]


def test_roles_of_a_team(facteur: Run, environment: dict[str, str]) -> None:
    facteur("issuer", "add", "eau", "--name", "Eau")
    facteur("issuer", "member", "add", "eau", "claire@eau.example")
    facteur("issuer", "member", "add", "eau", "bob@eau.example", "--role", "reader")
    roles = {each["email"]: each["role"] for each in lines(facteur("issuer", "member", "list", "eau", "--json"))}
    assert roles == {"claire@eau.example": "admin", "bob@eau.example": "reader"}
    assert "is editor of eau" in facteur("issuer", "member", "role", "eau", "bob@eau.example", "editor").stderr
    facteur("issuer", "member", "role", "eau", "charlie@eau.example", "editor", expect=1)
    assert "editor" in facteur("issuer", "member", "list", "eau").stdout
    assert "leads nowhere" not in facteur("issuer", "member", "list", "eau").stdout
    with create_engine(environment["FACTEUR_DATABASE_URL"]).begin() as database:
        database.execute(text("UPDATE staff SET is_elsewhere = (email = 'bob@eau.example')"))
    assert facteur("issuer", "member", "list", "eau").stdout.count("leads nowhere") == 1
    nowhere = [each["is_elsewhere"] for each in lines(facteur("issuer", "member", "list", "eau", "--json"))]
    assert sorted(nowhere) == [False, True]
    facteur("issuer", "member", "second-factor", "eau", "required")
