"""`facteur mail dns`, and keys that cannot be used, which are said at start."""

import json
from datetime import UTC, datetime
from email.message import Message
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from cli.main import main
from cli.open_pipeline import sending_domain
from cli.open_store import opened_store
from config import ConfigError, load
from delivery.channels.email.mail_origin import MailOrigin
from delivery.channels.email.return_path import origin_of
from delivery.feedback.bounces.record_mail_feedback import hear_message
from store.vault.key_ring import KeyRing


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FACTEUR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("FACTEUR_LANGUAGE", "en")
    monkeypatch.setenv("FACTEUR_MAIL_FROM", "Facteur <mail@facteur.example>")
    return tmp_path


def test_the_records_are_lines_of_a_zone_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = generate_private_key(65537, 2048)
    (home / "dkim.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    monkeypatch.setenv("FACTEUR_DKIM_KEY", str(home / "dkim.pem"))
    monkeypatch.setenv("FACTEUR_DKIM_SELECTOR", "facteur2026")
    monkeypatch.setenv("FACTEUR_BOUNCE_ADDRESS", "retours@retours.facteur.example")
    run = CliRunner().invoke(main, ["mail", "dns"])
    assert run.exit_code == 0
    dkim, spf, bounces, dmarc = run.stdout.splitlines()
    assert dkim.startswith('facteur2026._domainkey.facteur.example. IN TXT "v=DKIM1; k=rsa; p=MII')
    assert all(len(part) <= 255 for part in dkim.split('"')[1::2])
    assert spf.startswith('retours.facteur.example. IN TXT "v=spf1 ')
    assert spf.endswith("; complete it")
    assert bounces.startswith("retours.facteur.example. IN MX ")
    assert dmarc == '_dmarc.facteur.example. IN TXT "v=DMARC1; p=quarantine; rua=mailto:mail@facteur.example"'
    told = [json.loads(line) for line in CliRunner().invoke(main, ["mail", "dns", "--json"]).stdout.splitlines()]
    assert [each["hint"] for each in told] == [False, True, True, False]
    assert told[0]["name"] == "facteur2026._domainkey.facteur.example"


def test_without_a_key_it_says_so() -> None:
    run = CliRunner().invoke(main, ["mail", "dns"])
    assert run.exit_code == 0
    assert "no e-mail is signed" in run.stderr


def test_a_key_that_is_missing_or_damaged_is_said_at_start(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FACTEUR_DKIM_KEY", str(home / "none.pem"))
    for verb in (["up"], ["worker"]):
        run = CliRunner().invoke(main, verb)
        assert run.exit_code == 1
        assert "FACTEUR_DKIM_KEY" in run.stderr
        assert "none.pem cannot be read: No such file" in run.stderr
    (home / "none.pem").write_text("no key")
    for verb in (["up"], ["mail", "dns"]):
        run = CliRunner().invoke(main, verb)
        assert run.exit_code == 1
        assert "no private key in PEM" in run.stderr


def test_mails_leave_with_what_is_configured(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = generate_private_key(65537, 2048)
    (home / "dkim.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    monkeypatch.setenv("FACTEUR_DKIM_KEY", str(home / "dkim.pem"))
    monkeypatch.setenv("FACTEUR_BOUNCE_ADDRESS", "retours@facteur.example")
    monkeypatch.setenv("FACTEUR_REPLY_TO", "aide@facteur.example")
    keys, settings = KeyRing(b"a secret of these tests"), load()
    domain = sending_domain(settings, keys)
    mail = Message()
    mail["Message-ID"] = "<d4711@facteur.example>"
    assert origin_of(keys, domain.envelope_sender(mail)) == MailOrigin("delivery", 4711)
    content = domain.content(mail)
    assert content.startswith(
        b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed;\r\n d=facteur.example; s=facteur;"
    )
    assert b"Reply-To: aide@facteur.example\r\n" in content


@pytest.mark.parametrize("address", ["x", "a b@x", "a@x\r\nBcc: b@y", "<a@x>", "a,b@x", "a@x..y", "é@x"])
def test_who_reads_answers_is_an_address(home: Path, address: str) -> None:
    with pytest.raises(ConfigError, match="a person reads"):
        load({"FACTEUR_HOME": str(home), "FACTEUR_REPLY_TO": address})


@pytest.mark.parametrize("sender", ["Facteur", "Facteur <mail@énergie.example>", "mail@", "<>"])
def test_who_mails_come_from_is_an_address(home: Path, sender: str) -> None:
    with pytest.raises(ConfigError, match="FACTEUR_MAIL_FROM"):
        load({"FACTEUR_HOME": str(home), "FACTEUR_MAIL_FROM": sender})


def test_each_key_has_a_selector(home: Path) -> None:
    (home / "a.pem").write_text("a")
    keys = {"FACTEUR_HOME": str(home), "FACTEUR_DKIM_KEY": f"{home / 'a.pem'}:{home / 'a.pem'}"}
    assert [each.selector for each in load(keys | {"FACTEUR_DKIM_SELECTOR": "one:two"}).dkim_keys] == ["one", "two"]
    with pytest.raises(ConfigError, match="a selector for each key"):
        load(keys)


def test_what_came_back_and_changed_nothing_is_listed(home: Path) -> None:
    with opened_store() as (store, _), store.writing() as session:
        hear_message(
            session, store.keys, b"Subject: Question\n\nBonjour", "mailbox", datetime(2026, 3, 3, 9, tzinfo=UTC)
        )
    run = CliRunner().invoke(main, ["mail", "returned"])
    assert run.exit_code == 0, run.output
    assert "to read" in run.stdout
    [told] = [json.loads(line) for line in CliRunner().invoke(main, ["mail", "returned", "--json"]).stdout.splitlines()]
    assert (told["kind"], told["standing"], told["words"]) == ("unclear", "for_person", "Question")
