"""Everything has a default but the secret; what cannot be is refused in words that name the variable."""

import os
import stat
from decimal import Decimal
from pathlib import Path

import pytest

from config import ConfigError, embedded_redis_url, load, log_format


def test_a_fresh_home_needs_nothing_and_keeps_its_secret(tmp_path: Path) -> None:
    first = load({"FACTEUR_HOME": str(tmp_path / "var")})
    again = load({"FACTEUR_HOME": str(tmp_path / "var")})
    assert first == again
    assert first.database_url == f"sqlite:///{tmp_path}/var/facteur.db"
    assert first.has_dev_inbox
    assert first.is_embedded_redis
    assert stat.S_IMODE((tmp_path / "var" / "secret").stat().st_mode) == 0o600


def test_two_that_start_together_agree_on_one_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In containers that share the home, each is process 7 of its own."""
    monkeypatch.setattr(os, "getpid", lambda: 7)
    real, said = os.link, list[bytes]()

    def while_the_other_starts(draft: Path, path: Path) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(os, "link", real)
            said.append(load({"FACTEUR_HOME": str(tmp_path)}).secret)
        real(draft, path)

    monkeypatch.setattr(os, "link", while_the_other_starts)
    said.append(load({"FACTEUR_HOME": str(tmp_path)}).secret)
    said.append(load({"FACTEUR_HOME": str(tmp_path)}).secret)
    assert len(set(said)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_a_database_of_ones_own_needs_a_secret_of_ones_own(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="FACTEUR_SECRET_FILE"):
        load({"FACTEUR_HOME": str(tmp_path), "FACTEUR_DATABASE_URL": "postgresql://db/facteur"})


@pytest.mark.parametrize("content", [b"", b"short", b"  " + b"x" * 31 + b"  "])
def test_a_short_secret_is_refused(tmp_path: Path, content: bytes) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(content)
    with pytest.raises(ConfigError, match="shorter"):
        load({"FACTEUR_HOME": str(tmp_path), "FACTEUR_SECRET_FILE": str(secret)})


def test_a_missing_secret_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere"):
        load({"FACTEUR_HOME": str(tmp_path), "FACTEUR_SECRET_FILE": str(tmp_path / "nowhere")})


def test_older_secrets_come_after_the_present_one(tmp_path: Path) -> None:
    env = {"FACTEUR_HOME": str(tmp_path)}
    for name in ("present", "before", "first"):
        (tmp_path / name).write_bytes(name.encode() * 8)
    env |= {"FACTEUR_SECRET_FILE": f"{tmp_path}/present"}
    assert load(env).old_secrets == ()
    loaded = load(env | {"FACTEUR_OLD_SECRET_FILES": f"{tmp_path}/before:{tmp_path}/first"})
    assert (loaded.secret, loaded.old_secrets) == (b"present" * 8, (b"before" * 8, b"first" * 8))
    with pytest.raises(ConfigError, match="nowhere"):
        load(env | {"FACTEUR_OLD_SECRET_FILES": f"{tmp_path}/before:{tmp_path}/nowhere"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FACTEUR_WEB_PORT", "eighty"),
        ("FACTEUR_SFTP_PORT", "70000"),
        ("FACTEUR_SMTP_URL", "mail.example.org"),
        ("FACTEUR_CONFLICT_DAYS", "0"),
        ("FACTEUR_PRINT_POSTCODE", "Strasbourg"),
        ("FACTEUR_PRINT_POSTCODE", "6700"),
        ("FACTEUR_SMS_URL", "http://key@sms.example/"),
        ("FACTEUR_SMS_URL", "sms.example"),
        ("FACTEUR_SMS_FROM", "Facteur de France"),
        ("FACTEUR_SMS_FROM", "12"),
        ("FACTEUR_SMS_PRICE", "4,5"),
        ("FACTEUR_SMS_PRICE", "-1"),
        ("FACTEUR_SMS_SECRET", "whsec_short"),
        ("FACTEUR_SMS_SECRET", "whsec_c2hvcnQ="),
    ],
)
def test_what_cannot_be_names_its_variable(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        load({"FACTEUR_HOME": str(tmp_path), name: value})


def test_the_socket_of_a_deep_home_stays_short(tmp_path: Path) -> None:
    deep = tmp_path / ("very-" * 20) / "deep"
    assert len(embedded_redis_url(deep).removeprefix("unix://")) < 107


@pytest.mark.parametrize("given", ["", "bounces@example.org", "bounces.example.org", "eighteen-letters-x@localhost"])
def test_bounces_arrive_at_an_address_or_a_domain(tmp_path: Path, given: str) -> None:
    assert load({"FACTEUR_HOME": str(tmp_path), "FACTEUR_BOUNCE_ADDRESS": given}).bounce_address == given


@pytest.mark.parametrize("given", ["nineteen-letters-xx@example.org", "a b@example.org", "@example.org", "Bob <b@c.d>"])
def test_another_place_for_bounces_is_refused(tmp_path: Path, given: str) -> None:
    with pytest.raises(ConfigError, match=r"FACTEUR_BOUNCE_ADDRESS.*bounces@example\.org"):
        load({"FACTEUR_HOME": str(tmp_path), "FACTEUR_BOUNCE_ADDRESS": given})


@pytest.mark.parametrize("given", ["", "maildir:///var/mail/bounces", "imaps://me:pw@mail.example.org/Retours"])
def test_bounces_are_read_from_a_maildir_or_by_imap(tmp_path: Path, given: str) -> None:
    assert load({"FACTEUR_HOME": str(tmp_path), "FACTEUR_BOUNCES_URL": given}).bounces_url == given


@pytest.mark.parametrize(
    "given", ["/var/mail", "maildir:", "imaps://mail.example.org", "pop3://me:hushed@mail.example.org"]
)
def test_another_mailbox_is_refused_without_its_password(tmp_path: Path, given: str) -> None:
    with pytest.raises(ConfigError, match="FACTEUR_BOUNCES_URL") as refused:
        load({"FACTEUR_HOME": str(tmp_path), "FACTEUR_BOUNCES_URL": given})
    assert "hushed" not in str(refused.value)


def test_sms_go_to_a_provider_or_beside_the_dev_inbox_or_nowhere(tmp_path: Path) -> None:
    env = {"FACTEUR_HOME": str(tmp_path)}
    alone = load(env)
    assert (alone.offers_sms, alone.sms_folder, alone.sms_secret) == (True, tmp_path / "inbox" / "sms", b"")
    relayed = load(env | {"FACTEUR_SMTP_URL": "smtp://relay.example:25"})
    assert (relayed.offers_sms, relayed.sms_folder) == (False, None)
    secret = "whsec_" + "A" * 32
    given = {
        "FACTEUR_SMS_URL": "https://key@sms.example/v1",
        "FACTEUR_SMS_PRICE": "0.045",
        "FACTEUR_SMS_SECRET": secret,
    }
    provided = load(env | {"FACTEUR_SMTP_URL": "smtp://relay.example:25"} | given)
    assert (provided.offers_sms, provided.sms_price, provided.sms_secret) == (True, Decimal("0.045"), b"\0" * 24)


def test_the_key_of_the_provider_of_sms_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as refused:
        load({"FACTEUR_HOME": str(tmp_path), "FACTEUR_SMS_URL": "http://s3cret@sms.example/"})
    assert "s3cret" not in str(refused.value)


def test_the_log_has_one_of_two_forms() -> None:
    assert log_format({}) == "text"
    assert log_format({"FACTEUR_LOG_FORMAT": "json"}) == "json"
    with pytest.raises(ConfigError, match="FACTEUR_LOG_FORMAT='xml': give text or json"):
        log_format({"FACTEUR_LOG_FORMAT": "xml"})
